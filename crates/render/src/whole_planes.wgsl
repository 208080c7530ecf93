// Planes that lie in one texture each. `TEXEL` is u32, or f32 where textures are normalised.

@group(0) @binding(0) var first_plane: texture_2d<TEXEL>;
@group(0) @binding(1) var second_plane: texture_2d<TEXEL>;
@group(0) @binding(2) var third_plane: texture_2d<TEXEL>;

fn first_plane_at(at: vec2<i32>) -> vec4<u32> {
    return words(textureLoad(first_plane, at, 0));
}

fn second_plane_at(at: vec2<i32>) -> vec4<u32> {
    return words(textureLoad(second_plane, at, 0));
}

fn third_plane_at(at: vec2<i32>) -> vec4<u32> {
    return words(textureLoad(third_plane, at, 0));
}

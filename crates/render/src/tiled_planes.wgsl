// Planes larger than textures can be, cut into tiles that are layers of one texture each, row after
// row. `TEXEL` is u32, or f32 where textures are normalised.

@group(0) @binding(0) var first_plane: texture_2d_array<TEXEL>;
@group(0) @binding(1) var second_plane: texture_2d_array<TEXEL>;
@group(0) @binding(2) var third_plane: texture_2d_array<TEXEL>;

fn first_plane_at(at: vec2<i32>) -> vec4<u32> {
    let tile = vec2<i32>(textureDimensions(first_plane));
    let layer = layer_of(at / tile, params.tile_columns);
    return words(textureLoad(first_plane, at % tile, layer, 0));
}

fn second_plane_at(at: vec2<i32>) -> vec4<u32> {
    let tile = vec2<i32>(textureDimensions(second_plane));
    let layer = layer_of(at / tile, params.chroma_tile_columns);
    return words(textureLoad(second_plane, at % tile, layer, 0));
}

fn third_plane_at(at: vec2<i32>) -> vec4<u32> {
    let tile = vec2<i32>(textureDimensions(third_plane));
    let layer = layer_of(at / tile, params.chroma_tile_columns);
    return words(textureLoad(third_plane, at % tile, layer, 0));
}

fn layer_of(tile: vec2<i32>, columns: u32) -> i32 {
    return tile.y * i32(columns) + tile.x;
}

//! The list of test clips: one entry each, with what it is there for. How they are made is in
//! `make`.

use super::clip::Codec::{Aom, Mjpeg, Svt, Vp8, Vp9, X264, X264Rgb, X265};
use super::clip::{BT601_FULL, BT2020_COMPATIBLE, BT2020_HLG, BT2020_PQ, Clip, UNSTATED};
use super::damage;
use super::mp4;
use super::picture::Picture;

const FAST_START: &str = "-movflags +faststart";
const FRAGMENTS: &str = "-movflags +frag_keyframe+empty_moov+default_base_moof";

/// Every clip. One that is made from another comes after it.
pub(crate) fn all() -> Vec<Clip> {
    [h264(), h265(), av1(), vpx(), still_codecs(), containers(), geometry(), damaged()].concat()
}

fn h264() -> Vec<Clip> {
    let usual = Picture::usual(36);
    vec![
        Clip::encode("h264_b_frames.mp4", usual, X264, "keyint=12:bframes=3:b-adapt=0:b-pyramid=none"),
        Clip::encode("h264_no_b_frames.mp4", usual, X264, "keyint=12:bframes=0"),
        Clip::encode("h264_b_pyramid.mp4", usual, X264, "keyint=18:bframes=7:b-adapt=0:b-pyramid=normal"),
        Clip::encode("h264_open_gop.mp4", usual, X264, "keyint=12:bframes=3:b-adapt=0:open-gop=1"),
        // Recovery points instead of I pictures: only the first picture is an IDR.
        Clip::encode("h264_intra_refresh.mp4", usual, X264, "keyint=12:intra-refresh=1:bframes=0"),
        Clip::encode("h264_baseline_slices.mp4", usual, X264, "keyint=12:bframes=0:cabac=0:8x8dct=0:slices=4:ref=1"),
        Clip::encode("h264_interlaced.mp4", usual, X264, "keyint=12:bframes=2:tff=1"),
        Clip::encode("h264_one_gop.mp4", Picture::usual(60), X264, "keyint=250:bframes=2"),
        Clip::encode("h264_one_frame.mp4", Picture::usual(1), X264, "keyint=1"),
        Clip::encode("h264_odd_size.mp4", Picture::odd(24), X264, "keyint=12:bframes=2").pixels("yuv444p"),
        Clip::encode("h264_cropped.mp4", Picture::cropped(24), X264, "keyint=12:bframes=2"),
        Clip::encode("h264_422_10bit.mp4", usual, X264, "keyint=12:bframes=2").pixels("yuv422p10le"),
        Clip::encode("h264_444.mp4", usual, X264, "keyint=12:bframes=2").pixels("yuv444p"),
        Clip::encode("h264_grey.mp4", usual, X264, "keyint=12:bframes=2").pixels("gray"),
        Clip::encode("h264_rgb.mp4", usual, X264Rgb, "keyint=12:bframes=2").pixels("rgb24").color(UNSTATED),
        Clip::encode("h264_full_range.mp4", usual, X264, "keyint=12:bframes=2").color(BT601_FULL),
        Clip::encode("h264_color_unstated.mp4", usual, X264, "keyint=12:bframes=2").color(UNSTATED),
        Clip::encode("h264_ntsc_rate.mp4", usual, X264, "keyint=12:bframes=2").rate("30000/1001"),
    ]
}

fn h265() -> Vec<Clip> {
    let usual = Picture::usual(36);
    vec![
        Clip::encode("h265.mp4", usual, X265, "keyint=12:min-keyint=12:bframes=3:open-gop=0").ffmpeg("-tag:v hvc1 -movflags +faststart"),
        Clip::encode("h265_open_gop.mp4", usual, X265, "keyint=12:min-keyint=12:bframes=3:open-gop=1").ffmpeg("-tag:v hvc1"),
        Clip::encode("h265_hev1.mp4", usual, X265, "keyint=12:bframes=3:repeat-headers=1").ffmpeg("-tag:v hev1"),
        Clip::encode("h265_10bit_pq.mp4", usual, X265, "keyint=12:bframes=3").ffmpeg("-tag:v hvc1").pixels("yuv420p10le").color(BT2020_PQ),
        // BT.2020, mastered on 0.005 to 1000 cd/m², in the units of the messages.
        Clip::encode("h265_hdr10.mp4", Picture::usual(12), X265, "keyint=12:bframes=3:master-display=G(8500,39850)B(6550,2300)R(35400,14600)WP(15635,16450)L(10000000,50):max-cll=1000,400")
            .ffmpeg("-tag:v hvc1").pixels("yuv420p10le").color(BT2020_PQ),
        Clip::encode("h265_hlg_compatible.h265", Picture::usual(12), X265, "keyint=12:bframes=0:atc-sei=18").pixels("yuv420p10le").color(BT2020_COMPATIBLE),
        Clip::encode("h265_422_12bit.mp4", usual, X265, "keyint=12:bframes=3").ffmpeg("-tag:v hvc1").pixels("yuv422p12le"),
        Clip::encode("h265_444.mp4", usual, X265, "keyint=12:bframes=3").ffmpeg("-tag:v hvc1").pixels("yuv444p"),
        Clip::encode("h265_grey.mp4", usual, X265, "keyint=12:bframes=3").ffmpeg("-tag:v hvc1").pixels("gray"),
        Clip::encode("h265_cropped.mp4", Picture::cropped(24), X265, "keyint=12:bframes=3").ffmpeg("-tag:v hvc1"),
        Clip::encode("h265_odd_size.mp4", Picture::odd(24), X265, "keyint=12:bframes=3").ffmpeg("-tag:v hvc1").pixels("yuv444p"),
    ]
}

fn av1() -> Vec<Clip> {
    let usual = Picture::usual(36);
    vec![
        Clip::encode("av1.mp4", usual, Aom, "-g 12").ffmpeg(FAST_START),
        Clip::encode("av1_svt.mp4", usual, Svt, "keyint=15"),
        Clip::encode("av1_10bit_hlg.mp4", usual, Aom, "-g 12").pixels("yuv420p10le").color(BT2020_HLG),
        Clip::encode("av1_hdr10.mp4", Picture::usual(12), Svt, "keyint=12:mastering-display=G(0.170,0.797)B(0.131,0.046)R(0.708,0.292)WP(0.3127,0.3290)L(1000,0.005):content-light=1000,400")
            .pixels("yuv420p10le").color(BT2020_PQ),
        Clip::encode("av1_film_grain.mp4", usual, Aom, "-g 12 -aom-params film-grain-test=3"),
        Clip::encode("av1_film_grain_10bit.mp4", usual, Aom, "-g 12 -aom-params film-grain-test=7").pixels("yuv420p10le"),
        // Intra-only pictures that end no GOP: the first sample is the only sync sample.
        Clip::encode("av1_intra_only.mp4", Picture::usual(60), Svt, "keyint=15:irefresh-type=1"),
        Clip::encode("av1_one_gop.mp4", Picture::usual(60), Aom, "-g 999 -lag-in-frames 25"),
        Clip::encode("av1_grey.mp4", usual, Aom, "-g 12").pixels("gray"),
        Clip::encode("av1_422_12bit.mp4", usual, Aom, "-g 12").pixels("yuv422p12le"),
        Clip::encode("av1_444.mp4", usual, Aom, "-g 12").pixels("yuv444p"),
        Clip::encode("av1_odd_size.mp4", Picture::odd(24), Aom, "-g 12"),
        Clip::remux("av1.ivf", "av1.mp4", ""),
        Clip::remux("av1.obu", "av1.mp4", ""),
    ]
}

fn vpx() -> Vec<Clip> {
    let usual = Picture::usual(36);
    vec![
        Clip::encode("vp8.ivf", usual, Vp8, "-g 12 -auto-alt-ref 0 -lag-in-frames 0"),
        // Pictures that are only there to be referred to: samples without a frame.
        Clip::encode("vp8_hidden_frames.ivf", usual, Vp8, "-g 18 -auto-alt-ref 1 -lag-in-frames 16").two_passes(),
        Clip::encode("vp8_odd_size.ivf", Picture::odd(24), Vp8, "-g 12"),
        Clip::encode("vp8.webm", usual, Vp8, "-g 12 -auto-alt-ref 0"),
        Clip::encode("vp9.mp4", usual, Vp9, "-g 12").ffmpeg(FAST_START),
        // Hidden pictures again; in VP9 they share a sample with a shown one.
        Clip::encode("vp9_superframes.mp4", usual, Vp9, "-g 18 -auto-alt-ref 1 -lag-in-frames 16").two_passes(),
        Clip::encode("vp9_10bit.mp4", usual, Vp9, "-g 12").pixels("yuv420p10le").color(BT2020_PQ),
        Clip::encode("vp9_444.mp4", usual, Vp9, "-g 12").pixels("yuv444p"),
        Clip::encode("vp9_odd_size.mp4", Picture::odd(24), Vp9, "-g 12"),
        Clip::remux("vp9.ivf", "vp9_superframes.mp4", ""),
        Clip::encode("vp9.webm", usual, Vp9, "-g 12"),
    ]
}

fn still_codecs() -> Vec<Clip> {
    let short = Picture::usual(12);
    vec![
        Clip::encode("mjpeg.mov", short, Mjpeg, "").pixels("yuvj420p").color(BT601_FULL),
        Clip::encode("mjpeg_422.mov", short, Mjpeg, "").pixels("yuvj422p").color(BT601_FULL),
    ]
}

fn containers() -> Vec<Clip> {
    let usual = Picture::usual(36);
    let from = "h264_b_frames.mp4";
    vec![
        Clip::remux("faststart.mp4", from, FAST_START),
        Clip::remux("h264.mov", from, ""),
        Clip::remux("h264.m4v", from, "-f mp4"),
        Clip::remux("h264.3gp", from, ""),
        Clip::remux("fragmented.mp4", from, FRAGMENTS),
        Clip::remux("fragmented_dash.mp4", from, "-movflags +dash+delay_moov+global_sidx -frag_duration 300000"),
        Clip::remux("fragmented_per_frame.mp4", "h264_open_gop.mp4", "-movflags +frag_every_frame+empty_moov+default_base_moof"),
        Clip::remux("fragmented_negative_offsets.mp4", from, "-movflags +cmaf+negative_cts_offsets+frag_keyframe"),
        Clip::remux("fragmented_av1.mp4", "av1.mp4", FRAGMENTS),
        Clip::remux("negative_offsets.mp4", from, "-movflags +negative_cts_offsets"),
        Clip::remux("large_timescale.mp4", from, "-video_track_timescale 10000000"),
        Clip::remux("tiny_timescale.mp4", "h264_no_b_frames.mp4", "-video_track_timescale 25"),
        // No sample table says which samples are sync samples: the bits have to.
        Clip::edit("no_stss.mp4", from, mp4::remove_stss).keyframes_as(from),
        Clip::remux_from("editlist_trim_mid_gop.mp4", from, "-ss 0.6", ""),
        Clip::remux_from("editlist_empty_edit.mp4", from, "-itsoffset 1.5", ""),
        Clip::remux_from("editlist_trim_h265.mp4", "h265.mp4", "-ss 0.7", "-tag:v hvc1"),
        Clip::encode("variable_rate.mp4", usual, X264, "keyint=12:bframes=2")
            .ffmpeg("-fps_mode passthrough -enc_time_base 1/1000 -video_track_timescale 1000")
            .times("40*N+13*mod(N\\,3)+400*gte(N\\,20)"),
        Clip::join("two_video_tracks.mp4", &["h264_b_frames.mp4", "av1.mp4"]),
        Clip::encode("with_audio.mp4", usual, X264, "keyint=12:bframes=2").with_audio(),
        Clip::remux("h264.h264", from, "-bsf:v h264_mp4toannexb"),
        Clip::remux("h264_open_gop.h264", "h264_open_gop.mp4", "-bsf:v h264_mp4toannexb").keyframes_as("h264_open_gop.mp4"),
        Clip::remux("h265.h265", "h265_open_gop.mp4", "-f hevc -bsf:v hevc_mp4toannexb").keyframes_as("h265_open_gop.mp4"),
        Clip::remux("h264.mkv", from, ""),
        Clip::remux("h264.ts", from, ""),
        // The parameter sets are in the samples.
        Clip::remux("h264_avc3.mp4", "h264.ts", "-tag:v avc3"),
        // The picture size changes in the middle.
        Clip::remux("h264_cropped.h264", "h264_cropped.mp4", "-bsf:v h264_mp4toannexb"),
        Clip::concatenate("h264_size_change.h264", &["h264.h264", "h264_cropped.h264"]),
    ]
}

fn geometry() -> Vec<Clip> {
    let from = "h264_no_b_frames.mp4";
    vec![
        Clip::edit("rotated_90.mp4", from, mp4::rotate_90),
        Clip::edit("rotated_180.mp4", from, mp4::rotate_180),
        Clip::edit("rotated_270.mp4", "av1.mp4", mp4::rotate_270),
        Clip::encode("wide_pixels.mp4", Picture::usual(12), X264, "keyint=12:sar=4/3"),
        Clip::encode("tall_pixels.mp4", Picture::usual(12), X264, "keyint=12:sar=8/9"),
    ]
}

fn damaged() -> Vec<Clip> {
    vec![
        Clip::edit("cut_in_samples.mp4", "faststart.mp4", damage::cut_at::<60>).damaged("faststart.mp4"),
        Clip::edit("cut_near_end.mp4", "faststart.mp4", damage::cut_at::<97>).damaged("faststart.mp4"),
        Clip::edit("cut_in_samples_av1.mp4", "av1.mp4", damage::cut_at::<60>).damaged("av1.mp4"),
        Clip::edit("cut_in_fragment.mp4", "fragmented.mp4", damage::cut_at::<60>).damaged("fragmented.mp4"),
        Clip::edit("cut_in_moof.mp4", "fragmented.mp4", damage::cut_at::<70>).damaged("fragmented.mp4"),
        Clip::edit("cut.h264", "h264.h264", damage::cut_at::<55>).damaged("h264.h264"),
        Clip::edit("cut.h265", "h265.h265", damage::cut_at::<55>).damaged("h265.h265"),
        Clip::edit("cut.ivf", "vp9.ivf", damage::cut_at::<55>).damaged("vp9.ivf"),
        Clip::edit("cut.obu", "av1.obu", damage::cut_at::<55>).damaged("av1.obu"),
        Clip::edit("bit_flips_h264.mp4", "faststart.mp4", damage::flip_bits).damaged("faststart.mp4"),
        Clip::edit("bit_flips_h265.mp4", "h265.mp4", damage::flip_bits).damaged("h265.mp4"),
        Clip::edit("bit_flips_av1.mp4", "av1.mp4", damage::flip_bits).damaged("av1.mp4"),
        Clip::edit("bit_flips_vp9.mp4", "vp9.mp4", damage::flip_bits).damaged("vp9.mp4"),
        Clip::edit("four_billion_samples.mp4", "faststart.mp4", mp4::claim_four_billion_samples).damaged("faststart.mp4"),
        Clip::edit("endless_run_of_times.mp4", "faststart.mp4", mp4::claim_endless_times).damaged("faststart.mp4"),
        Clip::edit("samples_past_the_end.mp4", "faststart.mp4", mp4::move_chunks_away).damaged("faststart.mp4"),
        Clip::edit("box_of_an_exabyte.mp4", "faststart.mp4", mp4::claim_exabyte).damaged("faststart.mp4"),
        Clip::edit("cut_in_moov.mp4", "faststart.mp4", damage::cut_at::<3>).refused(),
        Clip::edit("cut_before_moov.mp4", "h264_b_frames.mp4", damage::cut_at::<80>).refused(),
        Clip::edit("noise_after_ftyp.mp4", "faststart.mp4", damage::noise_after_32).refused(),
        Clip::edit("noise.mp4", "faststart.mp4", damage::noise).refused(),
        Clip::edit("zeros.mp4", "faststart.mp4", damage::zeros).refused(),
        Clip::edit("text.mp4", "faststart.mp4", damage::text).refused(),
        Clip::edit("empty.mp4", "faststart.mp4", damage::empty).refused(),
        Clip::edit("one_byte.mp4", "faststart.mp4", damage::cut_to_one_byte).refused(),
    ]
}

//! What the bits of the sample on screen say of how its picture is coded: type, quantiser, references.

use egui::Ui;
use reelscope_ingest::References;
use reelscope_media::SampleId;
use reelscope_media::codec::PictureType;

use super::readings::Readings;
use super::samples::picture_text;
use super::{Row, Subject, current, heading_ui, row_response, row_ui, seek_to};
use crate::command::Commands;

/// Draws the section, as far as the sample was read.
pub(super) fn ui(
    ui: &mut Ui,
    subject: &Subject<'_>,
    readings: &mut Readings,
    commands: &mut Commands,
) {
    let Some(id) = current(subject) else {
        return;
    };
    readings.want_picture(subject.stream.track, id);
    let Some(reading) = readings.pictures().reading(id) else {
        return;
    };
    let mut rows = Vec::new();
    if reading.picture != PictureType::Unknown {
        rows.push(Row::new(
            "Type",
            picture_text(reading.picture),
            "I: from itself alone. P: blocks from one other picture. B: from two.",
        ));
    }
    rows.extend(reading.quantiser.map(quantiser));
    heading_ui(ui, "Coding");
    for row in &rows {
        row_ui(ui, row, commands);
    }
    match (&reading.references, reading.picture) {
        (_, PictureType::I) => row_ui(ui, &none(), commands),
        (Some(references), _) => list(ui, subject, (id, references), commands),
        (None, _) => row_ui(ui, &unknown(), commands),
    }
    ui.add_space(6.0);
}

fn quantiser([least, greatest]: [i8; 2]) -> Row {
    let text = if least == greatest {
        format!("{least}")
    } else {
        format!("{least} to {greatest}")
    };
    Row::new(
        "QP",
        text,
        "Quantiser that the slices start with: greater is coarser. Blocks may differ from it.",
    )
}

fn none() -> Row {
    Row::new(
        "References",
        "none",
        "It is decoded from its own bytes alone",
    )
}

fn unknown() -> Row {
    Row::new(
        "References",
        "not read",
        "Which pictures it is predicted from is read of H.265 only, whose samples list them",
    )
}

/// The pictures that it may refer to; a click goes to one.
fn list(
    ui: &mut Ui,
    subject: &Subject<'_>,
    (id, references): (SampleId, &References),
    commands: &mut Commands,
) {
    let samples = &subject.stream.track.samples;
    let number = |id| samples.frame_number(id);
    let here = number(id);
    for reference in &references.samples {
        let Some(there) = number(*reference) else {
            continue;
        };
        let distance = here.map_or(String::new(), |here| {
            let count = here.abs_diff(there);
            let side = if there < here { "before" } else { "after" };
            format!(", {count} {side}")
        });
        let row = Row::new(
            "Reference",
            format!("#{}{distance}", samples.dropped() + there),
            "A picture that this one may be predicted from",
        );
        if row_response(ui, &row, "Click to go there").clicked() {
            commands.extend(seek_to(subject, *reference));
        }
    }
    if references.others > 0 {
        let row = Row::new(
            "Reference",
            format!("{} before this GOP", references.others),
            "Pictures outside the samples that were read",
        );
        row_ui(ui, &row, commands);
    }
}

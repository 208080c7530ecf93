//! Pictures: their bytes are held against their format before they are logged.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use reelscope_sdk::{
    ChannelDatatype, ColorModel, DepthImage, EncodedImage, Image, PixelFormat, SegmentationImage,
};

use crate::component::{Component, shared};
use crate::errors::raised;

/// The one of `all` that has this number.
fn numbered<T: Copy>(
    what: &str,
    number: u8,
    all: impl IntoIterator<Item = T>,
    number_of: impl Fn(T) -> u8,
) -> PyResult<T> {
    let found = all.into_iter().find(|one| number_of(*one) == number);
    found.ok_or_else(|| PyValueError::new_err(format!("there is no {what} {number}")))
}

fn datatype_of(number: u8) -> PyResult<ChannelDatatype> {
    let all = ChannelDatatype::ALL;
    numbered("datatype", number, all, ChannelDatatype::number)
}

fn interleaved(
    buffer: PyBackedBytes,
    width: u32,
    height: u32,
    color_model: u8,
    datatype: u8,
) -> PyResult<Image> {
    let all = ColorModel::ALL;
    let model = numbered("colour model", color_model, all, ColorModel::number)?;
    let datatype = datatype_of(datatype)?;
    Image::from_color_model(shared(buffer), width, height, model, datatype).map_err(raised)
}

/// Raw pixels, interleaved or in a layout with a name.
#[pyfunction]
#[pyo3(signature = (buffer, width, height, *, pixel_format=None, color_model=2, datatype=6))]
pub(crate) fn image(
    buffer: PyBackedBytes,
    width: u32,
    height: u32,
    pixel_format: Option<u8>,
    color_model: u8,
    datatype: u8,
) -> PyResult<Vec<Component>> {
    let image = match pixel_format {
        None => interleaved(buffer, width, height, color_model, datatype)?,
        Some(number) => {
            let all = PixelFormat::ALL;
            let layout = numbered("pixel format", number, all, PixelFormat::number)?;
            Image::from_pixel_format(shared(buffer), width, height, layout).map_err(raised)?
        }
    };
    Ok(Component::all_of(&image))
}

/// Distances.
#[pyfunction]
pub(crate) fn depth_image(
    buffer: PyBackedBytes,
    width: u32,
    height: u32,
    datatype: u8,
) -> PyResult<Vec<Component>> {
    let image = DepthImage::new(shared(buffer), width, height, datatype_of(datatype)?);
    Ok(Component::all_of(&image.map_err(raised)?))
}

/// Numbers of classes.
#[pyfunction]
pub(crate) fn segmentation_image(
    buffer: PyBackedBytes,
    width: u32,
    height: u32,
    datatype: u8,
) -> PyResult<Vec<Component>> {
    let image = SegmentationImage::new(shared(buffer), width, height, datatype_of(datatype)?);
    Ok(Component::all_of(&image.map_err(raised)?))
}

/// A picture as a file; what it is follows from its first bytes, unless it is said.
#[pyfunction]
pub(crate) fn encoded_image(contents: PyBackedBytes, media_type: Option<&str>) -> Vec<Component> {
    let image = EncodedImage::from_file_contents(shared(contents));
    Component::all_of(&match media_type {
        Some(media_type) => image.with_media_type(media_type),
        None => image,
    })
}

/// Raw interleaved pixels as a JPEG file. Other Python threads run on meanwhile.
#[pyfunction]
pub(crate) fn compress<'py>(
    py: Python<'py>,
    buffer: PyBackedBytes,
    width: u32,
    height: u32,
    color_model: u8,
    datatype: u8,
    quality: u8,
) -> PyResult<Bound<'py, PyBytes>> {
    let image = interleaved(buffer, width, height, color_model, datatype)?;
    let file = py.detach(|| image.compress(quality)).map_err(raised)?;
    Ok(PyBytes::new(py, file.contents()))
}

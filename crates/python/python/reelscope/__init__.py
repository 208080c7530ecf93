"""
Log cameras and videos to reelscope, the viewer of exact frames, or into a recording file, and read them again.

```python
import reelscope as rr

rr.init("my_robot", spawn=True)
rr.set_time("frame", sequence=0)
rr.log("camera", rr.Image(pixels))
```

```python
for frame in rr.open("drive.rrd")["/camera"].frames(width=640):
    print(frame.time, frame.image.shape)
```

The names for logging are those of the Rerun SDK, as far as pictures and video go: a program that logs these runs with
`import reelscope as rr`. Errors are raised, always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._archetype import Archetype as Archetype
from ._archetype import AsComponents as AsComponents
from ._encoder import VideoEncoder as VideoEncoder
from ._enums import ChannelDatatype as ChannelDatatype
from ._enums import ColorModel as ColorModel
from ._enums import PixelFormat as PixelFormat
from ._enums import TextLogLevel as TextLogLevel
from ._enums import VideoCodec as VideoCodec
from ._image import DepthImage as DepthImage
from ._image import EncodedImage as EncodedImage
from ._image import Image as Image
from ._image import SegmentationImage as SegmentationImage
from ._log import connect_grpc as connect_grpc
from ._log import disable_timeline as disable_timeline
from ._log import disconnect as disconnect
from ._log import flush as flush
from ._log import get_application_id as get_application_id
from ._log import get_recording_id as get_recording_id
from ._log import init as init
from ._log import is_enabled as is_enabled
from ._log import log as log
from ._log import reset_time as reset_time
from ._log import save as save
from ._log import send_blueprint as send_blueprint
from ._log import send_columns as send_columns
from ._log import send_property as send_property
from ._log import send_recording_name as send_recording_name
from ._log import send_recording_start_time_nanos as send_recording_start_time_nanos
from ._log import set_time as set_time
from ._log import spawn as spawn
from ._log import thread_local_stream as thread_local_stream
from ._native import Component as Component
from ._native import ComponentColumn as ComponentColumn
from ._native import __version__ as __version__
from ._plain import AnyValues as AnyValues
from ._plain import Clear as Clear
from ._plain import Scalars as Scalars
from ._plain import TextLog as TextLog
from ._read import Entity as Entity
from ._read import File as File
from ._read import Frame as Frame
from ._read import FrameBatch as FrameBatch
from ._read import Recording as Recording
from ._read import open_file
from ._recording import RecordingStream as RecordingStream
from ._recording import escape_entity_path_part as escape_entity_path_part
from ._recording import get_data_recording as get_data_recording
from ._recording import get_global_data_recording as get_global_data_recording
from ._recording import get_thread_local_data_recording as get_thread_local_data_recording
from ._recording import set_global_data_recording as set_global_data_recording
from ._recording import set_thread_local_data_recording as set_thread_local_data_recording
from ._script import script_add_args as script_add_args
from ._script import script_setup as script_setup
from ._script import script_teardown as script_teardown
from ._time import TimeColumn as TimeColumn
from ._video import AssetVideo as AssetVideo
from ._video import VideoFrameReference as VideoFrameReference
from ._video import VideoStream as VideoStream

open = open_file

_ARCHETYPES = (
    "Image, EncodedImage, DepthImage, SegmentationImage, VideoStream, AssetVideo, VideoFrameReference, Clear, "
    "TextLog, Scalars and AnyValues"
)


if not TYPE_CHECKING:  # They know what there is, and would take this for all the rest.

    def __getattr__(name):
        raise AttributeError(f"reelscope has no {name}. What it logs: {_ARCHETYPES}")

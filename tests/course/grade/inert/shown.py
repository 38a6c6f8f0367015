"""Outputs as honest code makes them, for tests of what shows them."""

import base64
import io

from PIL import Image

ALT = "A line that rises from 0 to 1."


def picture(kind="PNG", size=(30, 20), **how):
    """A picture's file in Base64."""
    file = io.BytesIO()
    Image.new("RGB", size, "navy").save(file, kind, **how)
    return base64.b64encode(file.getvalue()).decode()


def display(metadata=None, **data):
    """An output with the given types, `image_png` for image/png."""
    data = {name.replace("_", "/"): content for name, content in data.items()}
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}

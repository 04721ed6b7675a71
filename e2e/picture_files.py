"""What other people's software makes of the files that PictureWriterTest leaves in target/samples."""

import pathlib
import sys

from PIL import Image

folder = pathlib.Path(sys.argv[1])
names = sorted(folder.iterdir())
assert len(names) == 12, names
for name in names:
    channels, quality = name.stem.split("-")[1:]
    with Image.open(name) as picture:
        picture.load()
        xmp = picture.info.get("xmp", b"")
        xmp = xmp if isinstance(xmp, bytes) else xmp.encode()
        xmp = xmp or picture.info.get("XML:com.adobe.xmp", "").encode()
        assert b"digitalsourcetype/trainedAlgorithmicMedia" in xmp, name
        assert picture.getxmp(), (name, "its XMP is no XML")
        transparent = channels == "4" and name.suffix != ".jpeg"
        rgba = picture.convert("RGBA")
        assert rgba.size == (64, 64), name
        assert rgba.getpixel((2, 2))[3] == (0 if transparent else 255), name
        red, green, blue, _ = rgba.getpixel((40, 20))
        near = 12 if quality == "80" or name.suffix == ".jpeg" else 1
        for value, wanted in ((red, 40 / 64), (green, 20 / 64), (blue, 0.5)):
            assert abs(value - 255 * wanted) <= near, (name, red, green, blue)
        if name.suffix == ".png":
            text = picture.text["parameters"]
            assert text.endswith("Model: tiny, Version: Troupe") and "日本" in text, text
print("PASS", len(names), "files")

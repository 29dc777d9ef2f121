"""The two pictures people look at: upright, in sRGB, freshly encoded, without any metadata."""

import io
from functools import lru_cache

import pillow_heif
from PIL import Image, ImageCms

from app.photos.errors import PhotoUnreadable
from app.photos.imaging.containers import (
    MAX_EXIF_BYTES,
    Container,
    Limits,
    MediaType,
    unprefixed_exif,
)
from app.photos.imaging.heic import refuse_cut_off

RENDITIONS_MEDIA_TYPE = "image/jpeg"
THUMB_LONG_SIDE = 320
DISPLAY_LONG_SIDE = 1440
GREY_SIDE = 160
_QUALITY = 80
_SCALES = (8, 4, 2)
_BAND_PIXELS = 4_000_000
_PLUGINS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PLAIN_MODES = frozenset({"RGB", "L", "CMYK"})

# The header is held to our own limits, one for each media type, before Pillow sees a byte.
Image.MAX_IMAGE_PIXELS = Limits().jpeg_pixels
pillow_heif.options.THUMBNAILS = False
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False


def heic_taken_apart(data: bytes, limits: Limits) -> Container:
    """Size as shown, EXIF and profile of a HEIC's primary picture; no pixel is decoded yet.

    PhotoUnreadable when bytes are missing, PhotoTooManyPixels beyond the limit. libheif turns the
    pixels as the container says, which by ISO/IEC 23008-12 overrules the EXIF orientation.
    """
    refuse_cut_off(data)
    heif = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    width, height = heif.size
    limits.check(MediaType.HEIC, width, height)
    exif = heif.info.get("exif") or b""
    return Container(
        MediaType.HEIC,
        width,
        height,
        data,
        unprefixed_exif(exif[:MAX_EXIF_BYTES]),
        heif.info.get("icc_profile"),
        oriented=True,
    )


def render(container: Container, orientation: int) -> tuple[bytes, bytes, bytes]:
    """The display and thumb JPEG of a photo, turned by its EXIF orientation (1-8), and its square
    of grey levels, row by row, to make hashes of.

    Display is the photo scaled down by the largest of 8, 4, 2, 1 that leaves its long side at
    least 1440 px; thumb has a long side of at most 320 px.
    """
    scale = _scale(max(container.width, container.height))
    picture = _in_srgb(_decoded(container, scale), container.icc)
    turn = _TURNS.get(orientation)
    if turn is not None:
        picture = picture.transpose(turn)
    thumb = _reduced(picture)
    return _encoded(picture), _encoded(thumb), _grey(thumb)


def display_and_thumb(picture: Image.Image) -> tuple[bytes, bytes]:
    """A picture of display size as both JPEGs."""
    return _encoded(picture), _encoded(_reduced(picture))


def _reduced(picture: Image.Image) -> Image.Image:
    factor = -(-max(picture.size) // THUMB_LONG_SIDE)
    return picture.reduce(factor) if factor > 1 else picture


def grey_of(rendition: bytes) -> bytes:
    """The square of grey levels of a rendition of ours; raises PhotoUnreadable when it is none."""
    try:
        return _grey(Image.open(io.BytesIO(rendition), formats=["JPEG"]))
    except OSError as error:
        raise PhotoUnreadable("照片文件已损坏，请从备份恢复。") from error


def _grey(picture: Image.Image) -> bytes:
    size = (GREY_SIDE, GREY_SIDE)
    return picture.convert("L").resize(size, Image.Resampling.BOX).tobytes()


def _scale(long_side: int) -> int:
    return next((s for s in _SCALES if long_side // s >= DISPLAY_LONG_SIDE), 1)


def _decoded(container: Container, scale: int) -> Image.Image:
    """The pixels, scaled down, in RGB, L or CMYK."""
    picture = _opened(container)
    if picture.size != (container.width, container.height):
        raise PhotoUnreadable("照片数据前后不一致，请重新拍摄后上传。")
    if container.media_type is MediaType.JPEG:
        # The decoder itself skips the detail (all of it, unless the short side is a few pixels).
        width, height = container.width // scale, container.height // scale
        picture.draft(picture.mode, (max(1, width), max(1, height)))
        scale = scale * max(picture.size) // max(container.width, container.height)
    picture.load()
    return _flat(picture, scale)


def _opened(container: Container) -> Image.Image:
    if container.media_type is MediaType.HEIC:
        heif = pillow_heif.open_heif(container.pixels, convert_hdr_to_8bit=True)
        return heif.to_pillow()
    return Image.open(io.BytesIO(container.pixels), formats=[_PLUGINS[container.media_type]])


def _flat(picture: Image.Image, scale: int) -> Image.Image:
    """Eight bits, no alpha (on white), scaled down; band by band, so that no full copy is made."""
    if scale == 1 and _is_plain(picture):
        return picture
    height = max(scale, _BAND_PIXELS // picture.width // scale * scale)
    tops = range(0, picture.height, height)
    bands = [
        _opaque(picture.crop((0, top, picture.width, min(top + height, picture.height)))).reduce(
            scale
        )
        for top in tops
    ]
    whole = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    for number, band in enumerate(bands):
        whole.paste(band, (0, number * bands[0].height))
    return whole


def _is_plain(picture: Image.Image) -> bool:
    return picture.mode in _PLAIN_MODES and "transparency" not in picture.info


def _opaque(band: Image.Image) -> Image.Image:
    if _is_plain(band):
        return band
    if band.mode.startswith("I"):
        # Sixteen bits: Pillow would clip at 255 instead of scaling.
        return band.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    seen = band.convert("RGBA")
    white = Image.new("RGB", seen.size, (255, 255, 255))
    white.paste(seen, mask=seen.getchannel("A"))
    return white


def _in_srgb(picture: Image.Image, icc: bytes | None) -> Image.Image:
    """RGB or grey in sRGB; a broken or ill-fitting profile is left aside."""
    if icc is not None:
        try:
            transform = _to_srgb(icc, picture.mode)
            if transform is not None:
                picture = ImageCms.applyTransform(picture, transform) or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")


@lru_cache(maxsize=8)
def _to_srgb(icc: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform out of a profile; None when it is sRGB already, grey or for other colours."""
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    description = profile.profile.profile_description or ""
    fits = mode != "L" and profile.profile.xcolor_space.strip() == mode
    if not fits or "sRGB" in description:
        return None
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")


def _encoded(picture: Image.Image) -> bytes:
    """A plain JPEG; nothing the file brought along is passed on (Pillow would keep a comment)."""
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()

"""A laid-out picture as PNG. Needs no font on the machine: the font comes with a package."""

from functools import cache

import resvg_py
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from pylopdf_fonts_zh_cn import sans_path

from bot.pictures.analysis import Analysis
from bot.pictures.canvas import Canvas
from bot.pictures.layout import lay_out
from bot.render import Words

ZOOM, MOST_PIXELS = 1.5, 8_000_000


def draw(analysis: Analysis, words: Words) -> bytes:
    """The PNG of a cause analysis in one language."""
    return paint(lay_out(analysis, words))


def paint(canvas: Canvas) -> bytes:
    """A canvas as PNG, smaller by as much as a very large one needs to stay handy."""
    zoom = min(ZOOM, (MOST_PIXELS / (canvas.width * canvas.height)) ** 0.5)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=_template().render(canvas=canvas),
            font_files=[str(sans_path())],
            skip_system_fonts=True,
            zoom=zoom,
        )
    )


@cache
def _template() -> Template:
    loader = PackageLoader("templates", "")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(
        "pictures/analysis.svg.j2"
    )

"""Pictures that are made for a record: laid out here, drawn by a template, turned into PNG."""

from bot.pictures.analysis import Analysis, Cause, RootCause, Why
from bot.pictures.png import draw
from bot.pictures.reading import read

__all__ = ["Analysis", "Cause", "RootCause", "Why", "draw", "read"]

"""Gradio, loaded late and made to look like Boussole."""

from __future__ import annotations

import os
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

_NAVY = "#12305a"
_INK = "#1b2430"
_SOFT_INK = "#4a5565"
_LINE = "#d5dce6"


def load_gradio() -> ModuleType:
    """The gradio module. It takes 3 s to import, and reads at import whether it may report its use."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    return gradio


def build_theme() -> Base:
    """System fonts only, AA contrasts, and light whatever the system prefers: colours are checked in one mode."""
    gr = load_gradio()
    theme: Base = gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        body_background_fill="#f6f7f9",
        body_text_color=_INK,
        body_text_color_subdued=_SOFT_INK,
        background_fill_primary="#ffffff",
        block_background_fill="#ffffff",
        block_border_color=_LINE,
        block_label_text_color=_INK,
        block_info_text_color=_SOFT_INK,
        border_color_primary=_LINE,
        color_accent=_NAVY,
        input_background_fill="#ffffff",
        input_border_color="#7a8699",
        input_border_color_focus=_NAVY,
        input_placeholder_color="#5b6678",
        button_primary_background_fill=_NAVY,
        button_primary_background_fill_hover="#1d4680",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_hover="#eaf0f8",
        button_secondary_border_color="#9fb0c6",
        button_secondary_text_color=_NAVY,
        link_text_color="#1d4f91",
    )
    for name in [name for name in vars(theme) if name.endswith("_dark")]:
        setattr(theme, name, getattr(theme, name.removesuffix("_dark")))
    return theme

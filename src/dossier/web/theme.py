"""The look of the page: a theme with fonts that come with Gradio; the styles are in the files beside this one."""

from __future__ import annotations

import gradio as gr

# Of the fonts that come with Gradio (6.31) only some files hold Latin letters: these two weights do.
FONTS = (gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)), "ui-sans-serif", "system-ui", "sans-serif")
CODE_FONTS = ("ui-monospace", "Consolas", "monospace")

THEME = gr.themes.Base(
    primary_hue=gr.themes.colors.teal,
    neutral_hue=gr.themes.colors.stone,
    font=FONTS,
    font_mono=CODE_FONTS,
    radius_size=gr.themes.sizes.radius_md,
).set(
    body_text_color_subdued="#57534e",
    body_text_color_subdued_dark="#b5afa9",
    body_background_fill="#faf8f4",
    body_background_fill_dark="#191816",
    block_background_fill="#ffffff",
    block_background_fill_dark="#211f1d",
    button_primary_background_fill="*primary_700",
    button_primary_background_fill_hover="*primary_800",
    button_primary_background_fill_dark="*primary_700",
    button_primary_text_color="#ffffff",
    link_text_color="*primary_700",
    link_text_color_dark="*primary_300",
)

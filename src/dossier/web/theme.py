"""The look of the page: a theme with fonts that come with Gradio, and the styles of chat and source panel."""

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

CSS = """
:root { --quote-font: Charter, 'Bitstream Charter', 'Iowan Old Style', Georgia, 'Noto Serif', serif;
  --pane: max(24rem, 100vh - 12rem); }
.gradio-container, .gradio-container > main { width: 100% !important; max-width: 1500px !important; margin: 0 auto; }
.heading h1 { font-family: var(--quote-font); font-size: 1.7rem; margin: 0; }
.heading p { margin: .15rem 0 0; color: var(--body-text-color-subdued); }
.state { font-size: .9rem; color: var(--body-text-color-subdued); min-height: 1.6rem; }
.state progress { width: 14rem; max-width: 50%; accent-color: #0f766e; vertical-align: middle; }
.state .warning, .source .warning { color: #9a3412; font-weight: 600; }
.dark .state .warning, .dark .source .warning { color: #fdba74; }

#chat { height: calc(var(--pane) - 4.75rem) !important; }
#chat .placeholder-content { padding-top: 1.5rem; }
.chat blockquote { font-family: var(--quote-font); font-size: 1.05rem; line-height: 1.6; font-style: normal;
  border-left: 3px solid var(--primary-600); padding-left: .9rem; margin: .6rem 0; color: var(--body-text-color); }
.chat .message ul { list-style: none; padding: 0; margin: .4rem 0; font-size: .9rem; }
.chat .message ul li { margin: .15rem 0; padding: 0; }
.chat a[href^="#cite-"] { font-family: var(--font); font-weight: 600; text-decoration: none; padding: 0 .25rem;
  border-radius: .3rem; color: var(--link-text-color); background: var(--background-fill-secondary); }
.chat a[href^="#cite-"]:hover, .chat a.cited { background: var(--primary-700); color: #fff; }
.chat a[href^="#cite-"]:focus-visible { outline: 3px solid var(--primary-500); outline-offset: 1px; }

#source { border: 1px solid var(--border-color-primary); border-radius: var(--radius-lg); padding: 0 !important;
  background: var(--block-background-fill); height: var(--pane); overflow: hidden !important; }
#source .html-container { padding: 0 !important; }
.source { height: calc(var(--pane) - 2px); display: flex; flex-direction: column; outline: none; }
.source header { padding: .8rem 1.2rem; border-bottom: 1px solid var(--border-color-primary); }
.source h2, .source-empty h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
.source header p { margin: .2rem 0 0; font-size: .9rem; color: var(--body-text-color-subdued); }
.source .document { flex: 1; overflow-y: auto; padding: 1rem 1.2rem 3rem; white-space: pre-wrap;
  overflow-wrap: anywhere; font-family: var(--quote-font); font-size: 1rem; line-height: 1.65; }
.source mark { background: #fdf0c4; color: #1c1917; padding: .1rem 0;
  box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.source mark strong { background: #f9d24b; color: #1c1917; font-weight: 400; }
.dark .source mark { background: #4a3f1d; color: #f5f5f4; }
.dark .source mark strong { background: #856a14; color: #fff; }
.source .cut { font-family: var(--font); font-size: .85rem; color: var(--body-text-color-subdued); }
.source-empty, .source-notice { padding: 1.2rem; color: var(--body-text-color-subdued); }
footer { display: none !important; }
@media (max-width: 900px) { :root { --pane: 75vh; } }
@media (prefers-reduced-motion: reduce) { * { scroll-behavior: auto !important; transition: none !important; } }
"""

# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The site: guides in Markdown, modules by antsibull-docs, operators from their docstrings."""

from __future__ import annotations

from airflow_provider_sentori.core import VERSION

project = "Sentori for Ansible and Airflow"
copyright = "2026, the sentori.sentori contributors"
release = VERSION
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_antsibull_ext", "sphinx_design"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
html_theme = "furo"
html_title = project
autodoc_typehints = "none"
autodoc_member_order = "bysource"
nitpicky = False
# Ansible's own pages are not on this site, and CSV has no colours.
suppress_warnings = ["ref.ref", "misc.highlighting_failure"]

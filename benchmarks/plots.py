# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG: readable on a light and on a dark page, and the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from goals import Curve
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

# A grey with the same contrast to white as to black, and colours that keep theirs for those who see few.
INK = "#768390"
COLOURS = ("#0f8fe0", "#e8710a", "#12a37f", "#b266d9")
SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "sentori",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def draw(
    file: Path,
    title: str,
    curves: Sequence[Curve],
    across: str,
    up: str,
    limit: float | None = None,
) -> None:
    """Curves over a logarithmic axis; ``limit``: a line that no curve should cross."""
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(7.2, 3.4), layout="constrained")
        axes = figure.add_subplot()
        colours = iter(COLOURS)
        for curve in curves:
            colour, style = (INK, "--") if curve.is_peer else (next(colours), "-")
            axes.plot(
                *zip(*curve.points, strict=True), style, color=colour, label=curve.label, marker="o", markersize=4
            )
        if limit is not None:
            axes.set_ylim(top=max(axes.get_ylim()[1], 1.2 * limit))
            axes.axhline(limit, color=INK, linewidth=1, linestyle=":")
            axes.annotate("goal: at most", (1, limit), xycoords=("axes fraction", "data"), ha="right", va="bottom")
        _style(axes, [x for x, _ in curves[0].points])
        axes.set_title(title, loc="left", fontsize=12)
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside right center", frameon=False)
        figure.savefig(file, transparent=True, metadata={"Date": None, "Creator": None})
    # Matplotlib leaves blanks at the ends of lines.
    file.write_text("\n".join(line.rstrip() for line in file.read_text().splitlines()) + "\n")


def _style(axes: Axes, ticks: Sequence[float]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(ticks)
    axes.xaxis.set_minor_locator(NullLocator())
    in_words = FuncFormatter(lambda value, _: f"{value:,.0f}")
    axes.xaxis.set_major_formatter(in_words)
    axes.yaxis.set_major_formatter(in_words)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", alpha=0.25, color=INK)
    axes.spines[["top", "right"]].set_visible(False)

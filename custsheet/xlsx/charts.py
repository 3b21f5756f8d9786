"""Native charts in the visual language, caches filled, so that a viewer that calculates nothing still draws them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from custsheet.look import EARLIER, FONT, INK, LINE, LINE2, PAPER, SOFT
from custsheet.plan import Chart, Series
from custsheet.xlsx.markup import HEAD, RELS, attr, bounds, number, text

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAW: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLACE: Final = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_EMU_PER_PIXEL: Final = 9525
_EMU_PER_POINT: Final = 12700
_NO_LINE: Final = "<a:ln><a:noFill/></a:ln>"
_SHOW: Final = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
_LEAST_SLICE: Final = 0.012
"""Share of a pie below which a slice carries no name."""


def drawing_xml(charts: Sequence[tuple[Chart, str]]) -> bytes:
    """Return the drawing that places these charts, each with its relationship id."""
    frames = "".join(_frame(chart, key, place) for place, (chart, key) in enumerate(charts, 1))
    return f'{HEAD}<xdr:wsDr xmlns:xdr="{_PLACE}" xmlns:a="{_DRAW}">{frames}</xdr:wsDr>'.encode()


def _frame(chart: Chart, key: str, place: int) -> str:
    row, column, *_ = bounds(chart.anchor)
    size = f'cx="{chart.width_px * _EMU_PER_PIXEL}" cy="{chart.height_px * _EMU_PER_PIXEL}"'
    return (
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>{column - 1}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext {size}/>"
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{place + 1}" name="Chart {place}" '
        f'descr="{attr(chart.alt or chart.title)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" xmlns:r="{RELS}" r:id="{key}"/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:oneCellAnchor>"
    )


def chart_xml(chart: Chart) -> bytes:
    """Return one chart part."""
    plot = _PLOTS[chart.kind](chart)
    return (
        f'{HEAD}<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAW}" xmlns:r="{RELS}">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
        f'<c:chart>{_title(chart.title)}<c:autoTitleDeleted val="0"/><c:plotArea>{plot}'
        f"<c:spPr><a:noFill/>{_NO_LINE}</c:spPr></c:plotArea>"
        f"{_legend() if chart.legend else ''}"
        # 0 = also what stands in hidden rows and columns, where the numbers behind a picture may be
        '<c:plotVisOnly val="0"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr>{_solid(PAPER)}{_line(LINE, 0.75)}</c:spPr>"
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{_font('defRPr', 9, SOFT)}</a:pPr>"
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr></c:chartSpace>'
    ).encode()


def _title(words: str) -> str:
    return (
        "<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/>"
        f"<a:p><a:pPr>{_font('defRPr', 11, INK, bold=True)}</a:pPr>"
        f"<a:r>{_font('rPr', 11, INK, bold=True)}<a:t>{text(words)}</a:t></a:r></a:p></c:rich></c:tx>"
        f'{_layout(x=0.03, y=0.04)}<c:overlay val="0"/></c:title>'
    )


def _legend() -> str:
    return f'<c:legend><c:legendPos val="r"/><c:overlay val="0"/>{_text_properties(9, INK)}</c:legend>'


def _layout(*, x: float, y: float, w: float = 0, h: float = 0) -> str:
    target = '<c:layoutTarget val="inner"/>' if w else ""
    size = f'<c:w val="{w}"/><c:h val="{h}"/>' if w else ""
    return (
        f'<c:layout><c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{x}"/><c:y val="{y}"/>{size}</c:manualLayout></c:layout>'
    )


# ── plots ───────────────────────────────────────────────────────────────────────────────────────────


def _bar_plot(chart: Chart) -> str:
    lying, stacked = chart.kind == "bar", chart.kind == "stacked"
    draw = _no_labels if chart.legend else _stacked_labels if stacked else _value_labels
    edge = _line(PAPER, 1) if stacked else _NO_LINE
    series = "".join(_bar_series(s, i, edge, draw(s)) for i, s in enumerate(chart.series))
    return (
        f'<c:layout/><c:barChart><c:barDir val="{"bar" if lying else "col"}"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{chart.gap}"/><c:overlap val="{100 if stacked else -5}"/>'
        f'<c:axId val="1001"/><c:axId val="1002"/></c:barChart>'
        + _category_axis(lying=lying)
        + _value_axis(chart, lying=lying, shown=stacked)
    )


def _bar_series(series: Series, order: int, edge: str, labels: str) -> str:
    points = "".join(
        f'<c:dPt><c:idx val="{i}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"<c:spPr>{_solid(colour)}{edge}</c:spPr></c:dPt>"
        for i, colour in enumerate(series.point_colours)
    )
    return (
        f"<c:ser>{_identity(series, order)}<c:spPr>{_solid(series.colour)}{edge}</c:spPr>"
        f'<c:invertIfNegative val="0"/>{points}{labels}{_data(series)}</c:ser>'
    )


def _pie_plot(chart: Chart) -> str:
    series = chart.series[0]
    points = "".join(
        f'<c:dPt><c:idx val="{i}"/><c:bubble3D val="0"/><c:spPr>{_solid(colour)}{_line(PAPER, 2)}</c:spPr></c:dPt>'
        for i, colour in enumerate(series.point_colours)
    )
    labels = (
        f"<c:dLbls>{_slivers(series)}{_text_properties(10, INK)}"
        f'<c:dLblPos val="outEnd"/>{_shown("showCatName")}<c:showLeaderLines val="1"/></c:dLbls>'
    )
    return (
        f'<c:layout/><c:pieChart><c:varyColors val="1"/><c:ser>{_identity(series, 0)}{points}{labels}{_data(series)}'
        '</c:ser><c:firstSliceAng val="0"/></c:pieChart>'
    )


def _slivers(series: Series) -> str:
    """Slices too thin for a name beside them: it would lie over its neighbour's. The table beside the pie has them."""
    least = sum(series.value_cache) * _LEAST_SLICE
    thin = [i for i, value in enumerate(series.value_cache) if value < least]
    return "".join(f'<c:dLbl><c:idx val="{i}"/><c:delete val="1"/></c:dLbl>' for i in thin)


def _line_plot(chart: Chart) -> str:
    series = "".join(
        f"<c:ser>{_identity(s, i)}<c:spPr>{_line(s.colour, 2.25)}</c:spPr>"
        f'<c:marker><c:symbol val="none"/></c:marker>{_last_label(s, s.colour, "r")}{_data(s)}'
        '<c:smooth val="0"/></c:ser>'
        for i, s in enumerate(chart.series)
    )
    # Room at the right, where the last point of each line carries its name.
    return (
        f'{_layout(x=0.07, y=0.16, w=0.78, h=0.7)}<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{series}<c:marker val="1"/><c:axId val="1001"/><c:axId val="1002"/></c:lineChart>'
        + _category_axis(lying=False)
        + _value_axis(chart, lying=False, shown=True)
    )


_PLOTS: Final[Mapping[str, Callable[[Chart], str]]] = {
    "bar": _bar_plot,
    "column": _bar_plot,
    "stacked": _bar_plot,
    "pie": _pie_plot,
    "line": _line_plot,
}


# ── axes ────────────────────────────────────────────────────────────────────────────────────────────


def _category_axis(*, lying: bool) -> str:
    # Bars read downward: the first row of the table on top.
    line = _NO_LINE if lying else _line(LINE2, 0.75)
    return (
        f'<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="{"maxMin" if lying else "minMax"}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{line}</c:spPr>{_text_properties(10 if lying else 9, INK if lying else SOFT)}"
        '<c:crossAx val="1002"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(chart: Chart, *, lying: bool, shown: bool) -> str:
    top = '<c:max val="1"/>' if chart.percent_axis else ""
    # Bars start at 0, always; a line may start where it likes.
    bottom = '<c:min val="0"/>' if chart.percent_axis or chart.kind != "line" else ""
    grid = f"<c:majorGridlines><c:spPr>{_line(LINE, 0.5)}</c:spPr></c:majorGridlines>" if shown else ""
    code = "0%" if chart.percent_axis else chart.series[0].number_format
    return (
        f'<c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/>{top}{bottom}</c:scaling>'
        f'<c:delete val="{0 if shown else 1}"/><c:axPos val="{"b" if lying else "l"}"/>{grid}'
        f'<c:numFmt formatCode="{attr(code)}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr>{_NO_LINE}</c:spPr>'
        f'{_text_properties(9, SOFT)}<c:crossAx val="1001"/><c:crosses val="autoZero"/>'
        '<c:crossBetween val="between"/></c:valAx>'
    )


# ── series ──────────────────────────────────────────────────────────────────────────────────────────


def _identity(series: Series, order: int) -> str:
    return f'<c:idx val="{order}"/><c:order val="{order}"/><c:tx><c:v>{text(series.title)}</c:v></c:tx>'


def _data(series: Series) -> str:
    names = _points([text(name) for name in series.category_cache])
    values = _points([number(value) for value in series.value_cache])
    code = f"<c:formatCode>{text(series.number_format)}</c:formatCode>"
    strings = f"<c:strCache>{names}</c:strCache>" if series.category_cache else ""
    numbers = f"<c:numCache>{code}{values}</c:numCache>" if series.value_cache else ""
    return (
        f"<c:cat><c:strRef><c:f>{text(series.categories)}</c:f>{strings}</c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{text(series.values)}</c:f>{numbers}</c:numRef></c:val>"
    )


def _points(values: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{value}</c:v></c:pt>' for i, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{points}'


def _value_labels(series: Series) -> str:
    earlier = series.colour == EARLIER
    return (
        f"<c:dLbls>{_number_format(series)}{_text_properties(9 if earlier else 10, SOFT if earlier else INK)}"
        f'<c:dLblPos val="outEnd"/>{_shown("showVal")}</c:dLbls>'
    )


def _no_labels(series: Series) -> str:
    return ""


def _stacked_labels(series: Series) -> str:
    # Without a legend the last stack says which part is which.
    return _last_label(series, PAPER if _is_dark(series.colour) else INK, "ctr")


def _last_label(series: Series, colour: str, position: str) -> str:
    if not series.value_cache:
        return ""
    last = len(series.value_cache) - 1
    label = (
        f'<c:dLbl><c:idx val="{last}"/>{_number_format(series)}{_text_properties(9, colour, bold=True)}'
        f'<c:dLblPos val="{position}"/>{_shown("showVal", "showSerName")}<c:separator> </c:separator></c:dLbl>'
    )
    return f"<c:dLbls>{label}{_shown()}</c:dLbls>"


def _number_format(series: Series) -> str:
    if series.number_format == "General":
        return ""
    return f'<c:numFmt formatCode="{attr(series.number_format)}" sourceLinked="0"/>'


def _shown(*what: str) -> str:
    return "".join(f'<c:{name} val="{int(name in what)}"/>' for name in _SHOW)


# ── paint ───────────────────────────────────────────────────────────────────────────────────────────


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def _line(colour: str, points: float) -> str:
    return f'<a:ln w="{int(points * _EMU_PER_POINT)}">{_solid(colour)}</a:ln>'


def _font(tag: str, size: float, colour: str, *, bold: bool = False) -> str:
    language = ' lang="zh-CN"' if tag == "rPr" else ""
    return (
        f'<a:{tag}{language} sz="{int(size * 100)}" b="{int(bold)}">{_solid(colour)}'
        f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/></a:{tag}>'
    )


def _text_properties(size: float, colour: str, *, bold: bool = False) -> str:
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{_font('defRPr', size, colour, bold=bold)}</a:pPr>"
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140

"""Charts in the visual language: no legend, values at the marks, caches filled."""

from __future__ import annotations

import pytest

from custsheet.plan import Chart, PlanCell, Series

PEOPLE = ("王芳", "李雷", "陈晨")


def series(title: str = "本周", colour: str = "1D4E79", **more: object) -> Series:
    return Series(
        title, "'客户'!$A$1:$A$3", "'客户'!$B$1:$B$3", colour, category_cache=PEOPLE, value_cache=(5, 9.5, 7), **more
    )


@pytest.fixture
def drawn(written):
    """Draw one chart beside its numbers."""

    def draw(kind: str, *lines: Series, **more: object):
        cells = tuple(PlanCell(i, 1, name) for i, name in enumerate(PEOPLE, 1))
        return written(cells=cells, charts=(Chart(kind, "六周走势", lines or (series(),), "D2", **more),))

    return draw


KINDS = [
    # kind, where to look, what stands there
    ("bar", "string(//c:barChart/c:barDir/@val)", "bar"),
    ("bar", "string(//c:catAx/c:scaling/c:orientation/@val)", "maxMin"),
    ("bar", "string(//c:valAx/c:delete/@val)", "1"),
    ("bar", "string(//c:valAx/c:scaling/c:min/@val)", "0"),
    ("bar", "count(//c:majorGridlines)", 0),
    ("bar", "string(//c:dLbls/c:dLblPos/@val)", "outEnd"),
    ("column", "string(//c:barChart/c:barDir/@val)", "col"),
    ("column", "string(//c:barChart/c:grouping/@val)", "clustered"),
    ("column", "string(//c:overlap/@val)", "-5"),
    ("column", "string(//c:ser/c:dLbls/c:showVal/@val)", "1"),
    ("stacked", "string(//c:barChart/c:grouping/@val)", "stacked"),
    ("stacked", "string(//c:overlap/@val)", "100"),
    ("stacked", "count(//c:majorGridlines)", 1),
    ("stacked", "string(//c:dLbl[c:idx/@val=2]/c:showSerName/@val)", "1"),
    ("stacked", "count(//c:dLblPos[@val='outEnd'])", 0),
    ("pie", "string(//c:pieChart/c:varyColors/@val)", "1"),
    ("pie", "string(//c:dLbls/c:showCatName/@val)", "1"),
    ("pie", "string(//c:dLbls/c:showVal/@val)", "0"),
    ("line", "string(//c:lineChart//c:symbol/@val)", "none"),
    ("line", "string(//c:dLbl[c:idx/@val=2]/c:dLblPos/@val)", "r"),
    ("line", "count(//c:valAx/c:scaling/c:min)", 0),
]


@pytest.mark.parametrize(("kind", "path", "expected"), KINDS)
def test_each_kind_of_chart(drawn, kind, path, expected):
    """Each kind has its axes, labels and grid as the visual language says."""
    assert drawn(kind).find("charts/chart1", path) == expected


@pytest.mark.parametrize("kind", ["bar", "column", "stacked", "pie", "line"])
def test_what_all_charts_share(drawn, kind):
    """Title top left, no legend, a fine frame, and the numbers cached for viewers that calculate nothing."""
    book = drawn(kind)
    assert book.find("charts/chart1", "string(//c:title//a:t)") == "六周走势"
    assert book.find("charts/chart1", "string(//c:title//c:manualLayout/c:x/@val)") == "0.03"
    assert book.find("charts/chart1", "count(//c:legend)") == 0
    assert book.find("charts/chart1", "//c:cat//c:pt/c:v/text()") == list(PEOPLE)
    assert book.find("charts/chart1", "//c:val//c:pt/c:v/text()") == ["5", "9.5", "7"]
    assert book.find("charts/chart1", "//c:f/text()") == ["'客户'!$A$1:$A$3", "'客户'!$B$1:$B$3"]
    assert book.find("charts/chart1", "string(/c:chartSpace/c:spPr/a:ln[@w=9525]//a:srgbClr/@val)") == "DCE3EA"
    assert set(book.find("charts/chart1", "//a:ea/@typeface")) == {"Microsoft YaHei"}


def test_points_may_have_their_own_colours(drawn):
    """The last month is dark, the earlier ones light."""
    book = drawn("column", series(point_colours=("9DBAD8", "9DBAD8", "1D4E79")))
    assert book.find("charts/chart1", "//c:dPt//a:solidFill/a:srgbClr/@val") == ["9DBAD8", "9DBAD8", "1D4E79"]
    assert book.find("charts/chart1", "//c:dPt/c:idx/@val") == ["0", "1", "2"]


def test_percent_axis_number_format_and_gap(drawn):
    """Shares run from 0 to 1, labels take the series' format."""
    book = drawn("bar", series(number_format='0" 次"'), percent_axis=True, gap=22)
    assert book.find("charts/chart1", "//c:valAx/c:scaling/*[@val='1' or @val='0']/@val") == ["1", "0"]
    assert book.find("charts/chart1", "string(//c:dLbls/c:numFmt/@formatCode)") == '0" 次"'
    assert book.find("charts/chart1", "string(//c:gapWidth/@val)") == "22"


@pytest.mark.parametrize(("colour", "ink"), [("1D4E79", "FFFFFF"), ("C9D9EA", "1F2933")])
def test_labels_in_a_stack_can_be_read(drawn, colour, ink):
    """White on dark parts, ink on light ones."""
    book = drawn("stacked", series(colour=colour))
    assert book.find("charts/chart1", "string(//c:dLbl//a:defRPr//a:srgbClr/@val)") == ink


def test_a_chart_stands_where_the_plan_says(drawn):
    """Anchor, size in pixels and the words for those who do not see it."""
    book = drawn("bar", width_px=400, height_px=200, alt="条形图：<三人>")
    assert book.find("drawings/drawing1", "//xdr:from/xdr:col/text() | //xdr:from/xdr:row/text()") == ["3", "1"]
    assert book.find("drawings/drawing1", "string(//xdr:ext[@cx=3810000]/@cy)") == "1905000"
    assert book.find("drawings/drawing1", "string(//xdr:cNvPr/@descr)") == "条形图：<三人>"

"""The report is one file that loads nothing, and its data stays data."""

from scratchnet.compare import html
from scratchnet.compare.notes import Note
from scratchnet.compare.payload import View, payload

VIEW = View(columns=None, ranked_by="val_accuracy", sort="val_accuracy", reverse=False)


def test_nothing_in_the_data_can_end_its_script(groups, hostile, tmp_path):
    page = html.page(
        payload(groups, [Note(hostile, [hostile])], [], tmp_path / "report.html", VIEW)
    )
    assert page.count("</script>") == 2
    assert "<img" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    assert "innerHTML" not in page

"""What the tests of the report in a browser look for."""

HOSTILE = "<img src=x onerror=document.title='hacked'></script><script>alert(1)</script>"
MISPLACED = """[...document.querySelectorAll("svg")].flatMap((chart) => {
    const whole = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll("text")];
    const boxes = texts.map((text) => text.getBoundingClientRect());
    const overlap = (a, b) => a.left < b.right && b.left < a.right
        && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const isBad = (box, i) => box.left < whole.left || box.right > whole.right
        || box.bottom > whole.bottom || boxes.slice(i + 1).some((other) => overlap(box, other));
    return texts.filter((_, i) => isBad(boxes[i], i)).map((text) => text.textContent);
})"""  # texts in charts that are cut off or overlap
FIRST = "#curves .cell:first-child"  # the first of the charts
CURVES = f"[...document.querySelectorAll('{FIRST} .curve:not(.side)')]"
ROWS = "[...document.querySelectorAll('#runs tbody tr')]"


def cells(page, column: int) -> list[str]:
    return page.run(f"{ROWS}.map((row) => row.children[{column}].textContent)")


def choose(select: str, text: str) -> str:
    """A script that chooses an option."""
    return f"""(() => {{
        const select = document.getElementById("{select}");
        select.value = [...select.options].find((one) => one.text === "{text}").value;
        select.dispatchEvent(new Event("change"));
    }})()"""


def heading(page, name: str) -> int:
    names = page.run("[...document.querySelectorAll('#runs thead th')].map((th) => th.textContent)")
    return names.index(name)

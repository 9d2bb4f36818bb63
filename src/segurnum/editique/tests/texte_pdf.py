"""Read back the text of a PDF through its fonts' ToUnicode tables, as a screen reader would."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

_PAIRE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_PLAGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def texte(pdf: bytes) -> str:
    """The text of every page, one line per tagged element."""
    with pikepdf.open(BytesIO(pdf)) as document:
        elements = "".join(m for page in document.pages for m in _morceaux(page)).split("\n")
    return "\n".join(re.sub(" +", " ", element).strip() for element in elements if element.strip())


def _morceaux(page: Any) -> Iterator[str]:
    tables = {nom: _table(police) for nom, police in page.resources.Font.items()}
    table: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operandes = instruction.operands
        match str(instruction.operator):
            case "Tf":
                table = tables[str(operandes[0])]
            case "BDC":
                yield "\n"
            case "BT":
                yield " "
            case "Tj":
                yield _decoder(bytes(operandes[0]), table)
            case "TJ":
                yield "".join(
                    _decoder(bytes(m), table) for m in operandes[0] if isinstance(m, pikepdf.String)
                )


def _decoder(codes: bytes, table: dict[int, str]) -> str:
    return "".join(table[int.from_bytes(codes[i : i + 2], "big")] for i in range(0, len(codes), 2))


def _table(police: Any) -> dict[int, str]:
    source = police.ToUnicode.read_bytes()
    table = {}
    for bloc in re.findall(rb"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, valeur in _PAIRE.findall(bloc):
            table[int(code, 16)] = bytes.fromhex(valeur.decode()).decode("utf-16-be")
    for bloc in re.findall(rb"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for debut, fin, valeur in _PLAGE.findall(bloc):
            premier = int(valeur, 16)
            for ecart in range(int(fin, 16) - int(debut, 16) + 1):
                table[int(debut, 16) + ecart] = chr(premier + ecart)
    return table

"""The type of a document is told by its own name, whose extension its screen checked against the content.

Never by the bytes' row: the same bytes may have been stored first by somebody else, under another name.
"""

from segurnum.controles.fichiers import extension

INCONNU = "application/octet-stream"
PDF, TEXTE = "application/pdf", "text/plain"
TYPES = {
    "pdf": PDF,
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "json": "application/json",
    "txt": TEXTE,
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "ics": "text/calendar",
    "pem": "application/x-pem-file",
}
# What `fichiers.rendus` makes pictures of.
DESSINABLES = frozenset({"pdf", "png", "jpg", "jpeg"})


def type_de(nom: str) -> str:
    """The media type of a document of this name; one that no page can run where the name says nothing known."""
    return TYPES.get(extension(nom), INCONNU)


def dessinable(nom: str) -> bool:
    """Whether the pages of this document can be shown as pictures."""
    return extension(nom) in DESSINABLES

"""What people really get wrong, made on purpose, so that a newcomer sees how the portal tells it."""

from datetime import timedelta
from typing import Any

from segurnum.demonstration.fabrique import Source, premier_beneficiaire, premiere_liste
from segurnum.regles.calendrier import date_fr

_PROGRAMME = b"MZ\x90\x00" + b"\x00" * 60 + b"This program cannot be run in DOS mode."


def abimer_le_fichier(source: Source, fichier: dict[str, Any]) -> dict[str, Any]:
    """Mistakes of every family in a sound file of at least four requests."""
    premiere, deuxieme, troisieme, quatrieme = fichier["lignesImport"][:4]
    # A field misspelt, and slips that are forgiven with a warning.
    premiere["commande"]["montantSegurHt"] = premiere["commande"].pop("montantSegurHT")
    premiere["piecesJustificatives"][0]["formatFichier"] = "pdf"
    # A date to come, an amount written as on paper, an address that is none.
    deuxieme["commande"]["dateCommande"] = date_fr(source.jour + timedelta(days=30))
    deuxieme["commande"]["montantSegurHT"] = "8 950,50"
    premier_beneficiaire(source.couloir, troisieme)[premiere_liste(source.couloir).courriel] = (
        "direction chez exemple"
    )
    # The number of another request, and pieces that keep the former name.
    troisieme["numeroEditeur"] = quatrieme["numeroEditeur"]
    # The same beneficiary twice, and no order form.
    quatrieme["beneficiaires"] = deuxieme["beneficiaires"]
    quatrieme["piecesJustificatives"] = quatrieme["piecesJustificatives"][1:] or [
        {"nomFichier": "devis signé.pdf", "formatFichier": "PDF", "typeFichier": "AUTRE"}
    ]
    return fichier


def abimer_les_pieces(pieces: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Of at least three pieces: a program renamed, a PDF cut short, one missing, and one that nobody announced."""
    (nom_1, _), (nom_2, octets_2), _, *reste = pieces
    return [
        (nom_1, _PROGRAMME),
        (nom_2, octets_2[: len(octets_2) // 2]),
        *reste,
        ("plaquette commerciale.pdf", octets_2),
    ]

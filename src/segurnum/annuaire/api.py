"""« Recherche d'entreprises », the State's open directory: one question, one answer, nothing kept.

Its heads of establishments come with their address split; the other establishments with one line only.
Seven questions a second are allowed; past that it answers 429 and says how long to wait (`Retry-After`).
"""

import json
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from segurnum.annuaire.entreprise import (
    AnnuaireIndisponible,
    EntrepriseTrouvee,
    selon_le_repertoire,
    selon_une_ligne,
)
from segurnum.regles.calendrier import maintenant

DELAI = 5.0  # seconds
_TAILLE_MAX = 2_000_000  # octets
_TROP_DE_QUESTIONS = 429
_OUVERT = "A"


def chercher(siret: str) -> EntrepriseTrouvee | None:
    """The establishment of this SIRET; None when the directory does not know it. Raises AnnuaireIndisponible."""
    reponse = _demander(siret)
    try:
        return next(
            (
                trouvee
                for unite in reponse["results"]
                for trouvee in _etablissements(unite)
                if trouvee.siret == siret
            ),
            None,
        )
    except (KeyError, TypeError, AttributeError) as faute:
        raise AnnuaireIndisponible(
            "L'annuaire des entreprises a répondu autre chose que ce qui était attendu."
        ) from faute


def _demander(siret: str) -> Any:
    # No more than what is used: neither the officers of the company nor its figures.
    parametres = urlencode({"q": siret, "minimal": "true", "include": "siege,matching_etablissements"})
    requete = Request(  # noqa: S310 - the address is a setting's
        f"{settings.ANNUAIRE_API}/search?{parametres}",
        headers={"Accept": "application/json", "User-Agent": f"segurnum ({settings.ADRESSE_PORTAIL})"},
    )
    try:
        with urlopen(requete, timeout=DELAI) as reponse:  # noqa: S310 - idem
            return json.loads(reponse.read(_TAILLE_MAX))
    except HTTPError as refus:
        with refus:
            raise _indisponible(refus) from refus
    except (OSError, HTTPException, ValueError) as faute:
        raise AnnuaireIndisponible("L'annuaire des entreprises ne répond pas.") from faute


def _indisponible(refus: HTTPError) -> AnnuaireIndisponible:
    if refus.code != _TROP_DE_QUESTIONS:
        return AnnuaireIndisponible(f"L'annuaire des entreprises a répondu par l'erreur {refus.code}.")
    return AnnuaireIndisponible(
        "L'annuaire des entreprises reçoit trop de demandes.",
        reessayer_dans=_attente(refus.headers.get("Retry-After", "")),
    )


def _attente(retry_after: str) -> int | None:
    """Seconds, written so or as the date of the end; None for anything else."""
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after)
    try:
        fin = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    fin = fin if fin.tzinfo else fin.replace(tzinfo=UTC)
    return max(0, int((fin - maintenant()).total_seconds()))


def _etablissements(unite: dict[str, Any]) -> Iterator[EntrepriseTrouvee]:
    """The head office first: it comes whole, and again, without its address split, among those that match."""
    siege = unite.get("siege") or {}
    if siege:
        yield selon_le_repertoire(
            **_identite(unite, siege),
            numero=siege.get("numero_voie") or "",
            extension=siege.get("indice_repetition") or "",
            type_voie=siege.get("type_voie") or "",
            nom_voie=siege.get("libelle_voie") or "",
            complement=siege.get("complement_adresse") or "",
        )
    for autre in unite.get("matching_etablissements") or ():
        yield selon_une_ligne(**_identite(unite, autre), adresse=autre.get("adresse") or "")


def _identite(unite: dict[str, Any], etablissement: dict[str, Any]) -> dict[str, Any]:
    return {
        "siret": etablissement.get("siret") or "",
        "denomination": unite.get("nom_raison_sociale") or unite.get("nom_complet") or "",
        "actif": etablissement.get("etat_administratif") == _OUVERT,
        "code_postal": etablissement.get("code_postal") or "",
        "commune": etablissement.get("libelle_commune") or "",
    }

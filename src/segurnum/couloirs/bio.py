"""Biologie: laboratory system (SGL), financed by number of sites, and transcoding to LOINC, at a flat amount."""

from dataclasses import replace
from decimal import Decimal

from segurnum.couloirs.baremes import Forfait, ParNombreDeSites
from segurnum.couloirs.champs import FINESS, Champ, Objet, Tableau
from segurnum.couloirs.commun import contact, mandataire, raison_sociale, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.roles import Role

_LABORATOIRE = Objet(
    (
        raison_sociale("LABORATOIRE DU LAC"),
        *contact(courriel="direction@laboratoire.example"),
        Champ("FINESSJuridique", FINESS, "FINESS juridique"),
        Champ(
            "FINESSGeo",
            Tableau(FINESS, minimum=1),
            "FINESS géographiques",
            exemple=["990000036", "990000044"],
            description="Un par site : leur nombre fait le plafond du logiciel de laboratoire.",
            role=Role.IDENTIFIANT,
            colonne="FINESS géographique",
        ),
    )
)
_BENEFICIAIRES = Objet(
    (*mandataire("isMandataire"), Champ("clients", Tableau(_LABORATOIRE, minimum=1), "Clients"))
)
# Only the least and the greatest amounts are public.
_BORNES = (Decimal("22500.00"), Decimal("38565.00"))

_SGL = Couloir(
    couloir="BIO",
    logiciel="SGL",
    vague=1,
    libelle="Biologie (SGL)",
    depot=Fichier((version(beneficiaires=_BENEFICIAIRES),)),
    bareme=ParNombreDeSites(
        "beneficiaires.clients.FINESSGeo",
        bornes=_BORNES,
        essai={"1": _BORNES[0], "2": Decimal("30000.00"), "10": _BORNES[1]},
    ),
    format_public=False,
)

COULOIRS = (
    _SGL,
    replace(
        _SGL,
        logiciel="LOINC",
        libelle="Biologie (LOINC)",
        bareme=Forfait(exemple={"forfait": Decimal("3500.00")}),
    ),
    _SGL.vague_suivante(),
)

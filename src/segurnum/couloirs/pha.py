"""Pharmacie: dispensing software (LGO), financed by band of turnover; a pharmacy is known by its FINESS."""

from decimal import Decimal

from segurnum.couloirs.baremes import ParTranche
from segurnum.couloirs.champs import AM, FINESS, Champ, Objet, Tableau, Texte
from segurnum.couloirs.commun import contact, mandataire, raison_sociale, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.roles import Role

_OFFICINE = Objet(
    (
        raison_sociale("PHARMACIE DU LAC"),
        *contact(courriel="titulaire@officine.example"),
        Champ("FINESS", FINESS, "Numéro FINESS", role=Role.IDENTIFIANT),
        Champ("AM", AM, "Numéro Assurance Maladie"),
        Champ(
            "trancheChiffreAffaires",
            Texte(50, exemple="1"),
            "Tranche de chiffre d'affaires",
            description="Celle du barème du couloir, chiffre d'affaires des médicaments remboursés.",
        ),
    )
)
_BENEFICIAIRES = Objet(
    (*mandataire("isMandataire"), Champ("clients", Tableau(_OFFICINE, minimum=1), "Clients"))
)
_BORNES = (Decimal("625.00"), Decimal("875.00"))

_LGO = Couloir(
    couloir="PHA",
    logiciel="LGO",
    vague=1,
    libelle="Pharmacie (LGO)",
    depot=Fichier((version(beneficiaires=_BENEFICIAIRES),)),
    bareme=ParTranche(
        "beneficiaires.clients.trancheChiffreAffaires",
        bornes=_BORNES,
        essai=dict(zip("12", _BORNES, strict=True)),
    ),
    format_public=False,
)

COULOIRS = (_LGO, _LGO.vague_suivante())

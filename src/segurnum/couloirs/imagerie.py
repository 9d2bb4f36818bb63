"""Radiologie, then imagerie: information system (RIS), DRIMbox (DB); a client is known by its FINESS or its SIRET."""

from segurnum.couloirs.champs import FINESS, SIRET, Champ, Objet, Tableau
from segurnum.couloirs.commun import au_choix, contact, mandataire, oui_non, raison_sociale, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.roles import Role

_CLIENT = Objet(
    (
        raison_sociale("SCM IMAGERIE DU LAC"),
        *contact(courriel="direction@imagerie.example"),
        Champ(
            "FINESS",
            FINESS,
            "Numéro FINESS",
            obligatoire=False,
            description="À défaut, le SIRET.",
            role=Role.IDENTIFIANT,
        ),
        Champ(
            "SIRET",
            SIRET,
            "Numéro SIRET",
            obligatoire=False,
            exemple=None,
            description="À défaut de FINESS.",
            role=Role.A_DEFAUT,
        ),
    ),
    un_de=(("FINESS", "SIRET"),),
)
_BENEFICIAIRES = Objet(
    (*mandataire("isMandataire"), Champ("clients", Tableau(_CLIENT, minimum=1), "Clients"))
)


def _depot(doit_il: str, logiciel: str) -> Fichier:
    scenario = Objet(
        (
            oui_non(
                "isProSanteConnectNeeded",
                f"{doit_il} mettre en œuvre une identification électronique par ProSanté Connect ?",
            ),
            *au_choix(
                "isDirectToDMP",
                "isPFIToDMP",
                f"L'envoi des documents de santé vers le DMP est-il fait directement par {logiciel} ?",
                "L'envoi des documents de santé vers le DMP passe-t-il par une PFI ?",
            ),
            *au_choix(
                "isDirectToMSSPro",
                "isPFIToMSSPro",
                f"L'envoi vers la MSS Pro est-il fait directement par {logiciel} ?",
                "L'envoi vers la MSS Pro passe-t-il par une PFI ?",
            ),
        )
    )
    return Fichier((version(beneficiaires=_BENEFICIAIRES, scenario=scenario),))


_RIS = _depot("Le RIS doit-il", "le RIS")

COULOIRS = (
    Couloir(
        couloir="RAD", logiciel="RIS", vague=1, libelle="Radiologie (RIS)", depot=_RIS, format_public=False
    ),
    Couloir(
        couloir="IMG", logiciel="RIS", vague=2, libelle="Imagerie (RIS)", depot=_RIS, format_public=False
    ),
    Couloir(
        couloir="IMG",
        logiciel="DB",
        vague=2,
        libelle="Imagerie (DRIMbox)",
        depot=_depot("La DRIMbox doit-elle", "la DRIMbox"),
        format_public=False,
    ),
)

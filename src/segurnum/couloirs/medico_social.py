"""Médico-social: the user's computerised record (DUI), one scenario row per site.

The first wave had three calls: MS1 (elderly, disabled, home services), MS2 for child protection (PDE) and for people in
difficulty (PDS), whose sites may have a SIRET for want of a FINESS. The second wave has one, MS.
"""

from datetime import datetime

from segurnum.couloirs.champs import FINESS, SIRET, Booleen, Champ, Choix, Objet, Tableau, Texte
from segurnum.couloirs.commun import OPERATEUR, contact, mandataire, oui_non, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier, Version
from segurnum.couloirs.roles import Role
from segurnum.regles.calendrier import PARIS

_SITES = ["990000036", "990000044"]
_DEPLOIEMENT_MSS = datetime(2024, 9, 12, 14, 0, tzinfo=PARIS)
_UN_DES_NUMEROS = (("FINESSGeo", "SIRET"),)


def _beneficiaires(*, siret: bool) -> Tableau:
    """`siret`: a site may be known by it."""
    sites = Champ(
        "FINESSGeo",
        Tableau(FINESS, minimum=0 if siret else 1),
        "FINESS géographiques",
        obligatoire=not siret,
        exemple=_SITES,
        description="À défaut, les SIRET." if siret else "",
        role=Role.IDENTIFIANT,
        colonne="FINESS géographique",
    )
    sirets = Champ(
        "SIRET",
        Tableau(SIRET),
        "SIRET des sites",
        obligatoire=False,
        exemple=None,
        description="À défaut de FINESS géographique.",
        role=Role.A_DEFAUT,
        colonne="SIRET",
    )
    etablissement = Objet(
        (
            Champ("FINESSJuridique", FINESS, "FINESS juridique"),
            *contact(
                "nomResponsableOG",
                "emailResponsableOG",
                "telephoneResponsableOG",
                qui="du responsable",
                le_nom="Nom du responsable de l'organisme gestionnaire",
                courriel="durand@association.example",
            ),
            sites,
            *([sirets] if siret else []),
        ),
        un_de=_UN_DES_NUMEROS if siret else (),
    )
    clients = Champ("etablissementsClients", Tableau(etablissement, minimum=1), "Établissements clients")
    return Tableau(Objet((*mandataire("mandataire"), clients)), minimum=1)


def _scenario(*profils: str, siret: bool) -> Tableau:
    sites = [
        Champ(
            "FINESSGeo",
            FINESS,
            "FINESS géographique",
            obligatoire=not siret,
            description="Une ligne par site de la demande.",
            role=Role.SITE,
        )
    ]
    if siret:
        sites.append(
            Champ(
                "SIRET",
                SIRET,
                "SIRET du site",
                obligatoire=False,
                exemple=None,
                description="Celui d'un site sans FINESS géographique.",
                role=Role.SITE,
            )
        )
    champs = (
        *sites,
        Champ("ancienneVersion", Texte(50, exemple="V1.0"), "Ancienne version", nullable=True),
        oui_non("isMaitreId", "Maître identité", True),
        oui_non("isStockageId", "Stockage identité"),
        OPERATEUR,
        Champ("profilMetier", Choix(profils), "Profil métier", role=Role.PROFIL),
        Champ("isRefSoins", Booleen(), "Référent soin", nullable=True),
    )
    suite = ("ancienneVersion", "isMaitreId", "isRefSoins", "isStockageId", OPERATEUR.nom, "profilMetier")
    ordre = (*(site.nom for site in sites), *suite)
    return Tableau(Objet(champs, _UN_DES_NUMEROS if siret else (), ordre), minimum=1)


def _version(
    *profils: str, siret: bool = False, deploiement: bool = True, depuis: datetime | None = None
) -> Version:
    champ = Champ(
        "deploiementMSS",
        Choix(("Cas 1", "Cas 2")),
        "Déploiement MSS",
        obligatoire=deploiement,
        role=Role.QUESTION,
    )
    return version(
        beneficiaires=_beneficiaires(siret=siret),
        scenario=_scenario(*profils, siret=siret),
        exemple_scenario=[{"FINESSGeo": site} for site in _SITES],
        au_solde=(champ,),
        administrateurs=True,
        version_requise=True,
        depuis=depuis,
        aux_corrections=depuis is not None,
    )


def _vague_1(*profils: str, siret: bool = False) -> Fichier:
    """« Déploiement MSS » is asked of every solde from 12 September 2024 14:00 on, and of those corrected since."""
    return Fichier(
        (
            _version(*profils, siret=siret, deploiement=False),
            _version(*profils, siret=siret, depuis=_DEPLOIEMENT_MSS),
        )
    )


COULOIRS = (
    Couloir("MS1", "DUI", 1, "Médico-social (DUI)", _vague_1("PA", "PH", "DOM")),
    Couloir("MS2", "DUI-PDE", 1, "Médico-social (DUI protection de l'enfance)", _vague_1("PDE", siret=True)),
    Couloir("MS2", "DUI-PDS", 1, "Médico-social (DUI difficultés spécifiques)", _vague_1("PDS", siret=True)),
    Couloir(
        "MS",
        "DUI",
        2,
        "Médico-social (DUI) - vague 2",
        Fichier((_version("PA", "PH", "DOM", "PDE", "PDS", siret=True),)),
        format_public=False,
    ),
)

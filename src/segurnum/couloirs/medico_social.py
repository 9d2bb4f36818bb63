"""Médico-social: the user's computerised record (DUI), one scenario row per site."""

from datetime import datetime

from segurnum.couloirs.champs import FINESS, Booleen, Champ, Choix, Objet, Tableau, Texte
from segurnum.couloirs.commun import OPERATEUR, contact, mandataire, oui_non, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier, Version
from segurnum.couloirs.roles import Role
from segurnum.regles.calendrier import PARIS

_SITES = ["990000036", "990000044"]

_ETABLISSEMENT = Objet(
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
        Champ(
            "FINESSGeo",
            Tableau(FINESS, minimum=1),
            "FINESS géographiques",
            exemple=_SITES,
            role=Role.IDENTIFIANT,
            colonne="FINESS géographique",
        ),
    )
)
_BENEFICIAIRES = Tableau(
    Objet(
        (
            *mandataire("mandataire"),
            Champ("etablissementsClients", Tableau(_ETABLISSEMENT, minimum=1), "Établissements clients"),
        )
    ),
    minimum=1,
)


def _scenario(*profils: str) -> Tableau:
    site = Champ(
        "FINESSGeo",
        FINESS,
        "FINESS géographique",
        description="Une ligne par site de la demande.",
        role=Role.SITE,
    )
    champs = (
        site,
        Champ("ancienneVersion", Texte(50, exemple="V1.0"), "Ancienne version", nullable=True),
        oui_non("isMaitreId", "Maître identité", True),
        oui_non("isStockageId", "Stockage identité"),
        OPERATEUR,
        Champ("profilMetier", Choix(profils), "Profil métier", role=Role.PROFIL),
        Champ("isRefSoins", Booleen(), "Référent soin", nullable=True),
    )
    a_l_ecran = ("ancienneVersion", "isMaitreId", "isRefSoins", "isStockageId", OPERATEUR.nom, "profilMetier")
    return Tableau(Objet(champs, ordre=(site.nom, *a_l_ecran)), minimum=1)


def _deploiement(*, obligatoire: bool) -> Champ:
    return Champ(
        "deploiementMSS",
        Choix(("Cas 1", "Cas 2")),
        "Déploiement MSS",
        obligatoire=obligatoire,
        role=Role.QUESTION,
    )


def _version(*profils: str, deploiement: bool, depuis: datetime | None = None) -> Version:
    return version(
        beneficiaires=_BENEFICIAIRES,
        scenario=_scenario(*profils),
        exemple_scenario=[{"FINESSGeo": site} for site in _SITES],
        au_solde=(_deploiement(obligatoire=deploiement),),
        administrateurs=True,
        version_requise=True,
        depuis=depuis,
        aux_corrections=depuis is not None,
    )


def _versions(*profils: str) -> Fichier:
    """« Déploiement MSS » is asked of every solde from 12 September 2024 14:00 on, and of those corrected since."""
    return Fichier(
        (
            _version(*profils, deploiement=False),
            _version(*profils, deploiement=True, depuis=datetime(2024, 9, 12, 14, 0, tzinfo=PARIS)),
        )
    )


COULOIRS = (
    Couloir(
        couloir="MS1",
        logiciel="DUI",
        vague=1,
        libelle="Médico-social (DUI)",
        depot=_versions("PA", "PH", "DOM"),
    ),
)

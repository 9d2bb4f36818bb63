"""Hôpital: patient record (DPI), intermediation platform (PFI), identities (RI), identified by the PMSI number."""

from dataclasses import replace

from segurnum.couloirs.champs import COURRIEL, PMSI, Champ, Objet, Tableau
from segurnum.couloirs.commun import client_unique, contact, mandataire, oui_non, raison_sociale, version
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.roles import Role

_ETABLISSEMENT = Objet(
    (
        *contact(),
        raison_sociale("CH DES TROIS VALLEES"),
        Champ("PMSI", PMSI, "Numéro PMSI", role=Role.IDENTIFIANT),
    )
)
_BENEFICIAIRES = Objet(
    (
        *mandataire("isMandataire", "La commande est portée par un mandataire pour plusieurs ES-PMSI"),
        client_unique("La commande est portée par un unique ES-PMSI", un_seul=True),
        Champ("etablissements", Tableau(_ETABLISSEMENT, minimum=1), "Établissements"),
    )
)
_PFI = (
    "La fonction PFI pour l'envoi des documents de santé vers {} est-elle portée par un logiciel indépendant "
    "du DPI ?"
)
_SCENARIO = Objet(
    (
        oui_non("isPFIDMPIndependante", _PFI.format("le DMP")),
        oui_non("isPFIMSSProIndependante", _PFI.format("la MSS Pro")),
        oui_non("isPFIMSSCitoyenIndependante", _PFI.format("la MSS citoyen")),
        oui_non(
            "isProSanteConnectNeeded",
            "Le DPI doit-il mettre en œuvre une identification électronique par ProSanté Connect en complément "
            "des modalités d'identification électronique au DPI ?",
        ),
    )
)
_ADRESSE = Champ(
    "adresseMSSCitoyen",
    COURRIEL,
    "Adresse boîte MSS citoyen",
    obligatoire=False,
    exemple="ch-trois-vallees@etablissement.mssante.example",
    role=Role.QUESTION,
)

_DPI = Couloir(
    couloir="HOP",
    logiciel="DPI",
    vague=1,
    libelle="Hôpital (DPI)",
    heberge_donnees=True,
    depot=Fichier((version(beneficiaires=_BENEFICIAIRES, scenario=_SCENARIO, au_solde=(_ADRESSE,)),)),
)
_HOP_PFI = replace(_DPI, logiciel="PFI", libelle="Hôpital (PFI)", heberge_donnees=False)

COULOIRS = (
    _DPI,
    _HOP_PFI,
    replace(_HOP_PFI, logiciel="RI", libelle="Hôpital (RI)"),
    # Three pilot sites, validated, before the others are balanced.
    _DPI.vague_suivante(pilotes=3),
    _HOP_PFI.vague_suivante(pilotes=3),
)

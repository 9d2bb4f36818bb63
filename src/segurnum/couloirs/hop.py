"""Hôpital: patient record (DPI) and intermediation platform (PFI), identified by the PMSI number."""

from segurnum.couloirs.champs import COURRIEL, PMSI, TELEPHONE, Champ, Objet, Tableau, Texte
from segurnum.couloirs.commun import forme_demande, mandataire, oui_non
from segurnum.couloirs.declaration import Couloir, IdentifiantBeneficiaire, ListeBeneficiaires
from segurnum.couloirs.presentation import Question
from segurnum.regles.cycles import TypeDemande

_MANDATAIRE = "La commande est portée par un mandataire pour plusieurs ES-PMSI"
_UNIQUE = "La commande est portée par un unique ES-PMSI"

_BENEFICIAIRES = Objet(
    (
        *mandataire("isMandataire"),
        oui_non("isClientUnique", _UNIQUE, True),
        Champ(
            "etablissements",
            Tableau(
                Objet(
                    (
                        Champ("nom", Texte(), "Nom"),
                        Champ("email", COURRIEL, "Email"),
                        Champ("telephone", TELEPHONE, "Téléphone"),
                        Champ("raisonSociale", Texte(exemple="CH DES TROIS VALLEES"), "Raison sociale"),
                        Champ("PMSI", PMSI, "Numéro PMSI"),
                    )
                ),
                minimum=1,
            ),
            "Établissements",
        ),
    )
)

_PFI = (
    "La fonction PFI pour l'envoi des documents de santé vers {} est-elle portée par un logiciel indépendant "
    "du DPI ?"
)
_QUESTIONS = (
    ("isPFIDMPIndependante", _PFI.format("le DMP")),
    ("isPFIMSSProIndependante", _PFI.format("la MSS Pro")),
    ("isPFIMSSCitoyenIndependante", _PFI.format("la MSS citoyen")),
    (
        "isProSanteConnectNeeded",
        "Le DPI doit-il mettre en œuvre une identification électronique par ProSanté Connect en complément "
        "des modalités d'identification électronique au DPI ?",
    ),
)
_ADRESSE = Champ(
    "adresseMSSCitoyen",
    COURRIEL,
    "Adresse boîte MSS citoyen",
    obligatoire=False,
    exemple="ch-trois-vallees@etablissement.mssante.example",
)


def _forme(type_demande: TypeDemande) -> Objet:
    return forme_demande(
        type_demande,
        couloir="HOP",
        beneficiaires=_BENEFICIAIRES,
        scenario=Objet(tuple(oui_non(cle, libelle) for cle, libelle in _QUESTIONS)),
        en_plus=(_ADRESSE,) if type_demande is TypeDemande.SOLDE else (),
    )


_AVANCE, _SOLDE = _forme(TypeDemande.AVANCE), _forme(TypeDemande.SOLDE)


def _couloir(logiciel: str, libelle: str) -> Couloir:
    return Couloir(
        couloir="HOP",
        logiciel=logiciel,
        vague=1,
        libelle=libelle,
        rubrique="Hôpital",
        identifiant_beneficiaire=IdentifiantBeneficiaire("Numéro PMSI", "PMSI"),
        avance=_AVANCE,
        solde=_SOLDE,
        listes=(
            ListeBeneficiaires(
                ("beneficiaires", "etablissements", "*"),
                (("PMSI", "PMSI"),),
                "nom",
                "email",
                "telephone",
                "raisonSociale",
            ),
        ),
        cle_mandataire="isMandataire",
        cle_client_unique="isClientUnique",
        un_seul_beneficiaire=True,
        coches=(
            Question("beneficiaires.isMandataire", _MANDATAIRE),
            Question("beneficiaires.isClientUnique", _UNIQUE),
        ),
        questions=(
            *(Question(f"scenarioInstallation.{cle}", libelle) for cle, libelle in _QUESTIONS),
            Question("adresseMSSCitoyen", "Adresse boîte MSS citoyen"),
        ),
    )


COULOIRS = (_couloir("DPI", "Hôpital (DPI)"), _couloir("PFI", "Hôpital (PFI)"))

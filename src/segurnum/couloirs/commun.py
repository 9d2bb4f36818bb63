"""What every file has in common: its header, and the part of a request that no couloir changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from segurnum.couloirs.champs import (
    ABSENT,
    COURRIEL,
    NUMERO_ANS,
    SIRET,
    TELEPHONE,
    Booleen,
    Champ,
    Choix,
    DateFr,
    Entier,
    Identifiant,
    Montant,
    Objet,
    Tableau,
    Texte,
    Type,
)
from segurnum.couloirs.depot import Version
from segurnum.couloirs.nomenclature import CODES_PIECES, EXTENSIONS, NOM_MAX
from segurnum.couloirs.places import BENEFICIAIRES, CHAMPS_MANDATAIRE, SCENARIO
from segurnum.couloirs.roles import Role
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.numeros import NumeroDossier, type_selon_suffixe

DEMANDES_MAX = 200


def _est_dossier_avance(texte: str) -> bool:
    try:
        NumeroDossier.lire(texte)
    except ValueError:
        return False
    return type_selon_suffixe(texte) is not TypeDemande.SOLDE


NUMERO_EDITEUR = Texte(20, "[A-Za-z0-9_-]{1,20}", "1 à 20 lettres sans accent, chiffres, - ou _", "00001")
NUMERO_DOSSIER = Identifiant(
    "numéro de dossier",
    "FIN, le code du couloir et six chiffres, avec ou sans M0, comme FINMS1010719",
    _est_dossier_avance,
    "^FIN[A-Z][A-Z0-9]{2}[0-9]{6}(M0)?$",
    "FINMS1010719",
    code="2014",
)

ENTETE = (
    Champ(
        "impId",
        Entier(),
        "Identifiant technique de l'import",
        obligatoire=False,
        reserve=True,
        description="Vide au dépôt, rempli par le portail dans le fichier de sortie.",
    ),
    Champ(
        "numeroAns",
        NUMERO_ANS,
        "Numéro ANS",
        description="Le numéro choisi à l'écran, pour lequel le compte est enrôlé ; la casse compte.",
    ),
    Champ("siret", SIRET, "SIRET", alias=("SIRET",), description="Celui de l'entreprise enrôlée."),
)

_REGIME = Champ(
    "regimeTVA",
    Choix(("HT", "TTC"), exemple="TTC"),
    "Régime de TVA",
    description="HT pour un fournisseur non assujetti (taux 0 %), TTC sinon.",
)
_COMMANDE = Champ(
    "commande",
    Objet(
        (
            Champ("dateCommande", DateFr(), "Date de la commande"),
            _REGIME,
            Champ(
                "montantSegurHT",
                Montant(),
                "Montant SEGUR total hors taxe",
                description="Toujours hors taxe, quel que soit le régime de TVA.",
            ),
        )
    ),
    "Commande",
)
_FACTURE = Champ(
    "facture",
    Objet(
        (
            Champ("dateFacture", DateFr("15/03/2023"), "Date de la facture"),
            Champ("numeroFacture", Texte(50, exemple="F-2023-0042"), "Numéro de la facture"),
            _REGIME,
            Champ(
                "montantSegurHTFacture",
                Montant(),
                "Montant SEGUR hors taxe de la facture",
                description="Au plus le montant déclaré lors de l'avance.",
            ),
        )
    ),
    "Facture",
)
_PIECES = Champ(
    "piecesJustificatives",
    Tableau(
        Objet(
            (
                Champ(
                    "nomFichier",
                    Texte(NOM_MAX, exemple="MS1-DUI-va1-bdc-00001.pdf"),
                    "Nom du fichier",
                    description="<couloir>-<logiciel>-va<vague>-<code>-<numeroEditeur>.<extension>, unique dans "
                    "tout le fichier ; casse libre, tiret ou tiret bas entre les parties.",
                ),
                Champ(
                    "formatFichier", Choix(tuple(EXTENSIONS)), "Format", description="Celui de l'extension."
                ),
                Champ("typeFichier", Choix(tuple(CODES_PIECES)), "Type de pièce"),
            )
        ),
        minimum=1,
    ),
    "Pièces justificatives",
)
_PIED = (
    Champ(
        "codeTraitement",
        Texte(4),
        "Code de traitement",
        obligatoire=False,
        reserve=True,
        description="Vide au dépôt ; « 0000 » ou le code de la première erreur dans le fichier de sortie.",
    ),
    Champ(
        "libelleTraitement",
        Texte(1000),
        "Libellé de traitement",
        obligatoire=False,
        reserve=True,
        description="Vide au dépôt ; « Demande importée » ou la première erreur dans le fichier de sortie.",
    ),
)


def _tete(type_demande: TypeDemande, version_requise: bool) -> tuple[Champ, ...]:
    avance = type_demande is TypeDemande.AVANCE
    return (
        Champ("numLigne", Entier(), "Numéro de ligne", description="Unique, de 1 en 1."),
        Champ(
            "typeAction", Choix(("C",)), "Type d'action", description="C : création, seule action possible."
        ),
        Champ(
            "numeroASP",
            NUMERO_DOSSIER,
            "Numéro ASP",
            obligatoire=False,
            exemple=None if avance else NUMERO_DOSSIER.exemple,
            description="Vide pour une avance."
            if avance
            else "Le numéro de dossier de l'avance, obligatoire.",
        ),
        Champ(
            "numeroEditeur",
            NUMERO_EDITEUR,
            "Numéro éditeur",
            description="Unique dans le fichier ; relie les pièces à la demande.",
        ),
        Champ(
            "versionLogiciel",
            Texte(50, exemple="1.4.2"),
            "Version du logiciel",
            obligatoire=version_requise,
        ),
    )


def version(
    *,
    beneficiaires: Type,
    scenario: Type | None = None,
    au_solde: tuple[Champ, ...] = (),
    administrateurs: bool = False,
    version_requise: bool = False,
    exemple_scenario: object = ABSENT,
    depuis: datetime | None = None,
    aux_corrections: bool = False,
) -> Version:
    """The two shapes of a request, avance and solde: the common part around what the couloir declares.

    `au_solde`: the fields of the request that only a solde has.
    """

    def forme(type_demande: TypeDemande) -> Objet:
        solde = type_demande is TypeDemande.SOLDE
        champs = [
            *_tete(type_demande, version_requise),
            _FACTURE if solde else _COMMANDE,
            Champ(BENEFICIAIRES, beneficiaires, "Bénéficiaire(s)"),
            *([ADMINISTRATEURS] if administrateurs else []),
            _PIECES,
        ]
        if scenario is not None:
            rempli = _rempli(scenario) if solde else scenario
            champs.append(Champ(SCENARIO, rempli, "Scénario d'installation", exemple=exemple_scenario))
        return Objet((*champs, *(au_solde if solde else ()), *_PIED))

    return Version(forme(TypeDemande.AVANCE), forme(TypeDemande.SOLDE), depuis, aux_corrections)


def _rempli(type_: Type) -> Type:
    """The type as a solde has it: what may wait at the avance is filled."""
    if isinstance(type_, Tableau):
        return replace(type_, element=_rempli(type_.element))
    if not isinstance(type_, Objet):
        return type_
    champs = (
        replace(champ, type=_rempli(champ.type), nullable=champ.nullable and not champ.rempli_au_solde)
        for champ in type_.champs
    )
    return replace(type_, champs=tuple(champs))


def forme_fichier(demande: Objet) -> Objet:
    """The shape of a whole file whose requests all have this shape (JSN-016, JSN-022)."""
    lignes = Champ("lignesImport", Tableau(demande, 1, DEMANDES_MAX), "Demandes")
    return Objet((*ENTETE, lignes))


ADMINISTRATEURS = Champ(
    "administrateursTechniques",
    Tableau(
        Objet(
            (
                Champ("nom", Texte(exemple="MARTIN"), "Nom"),
                Champ("email", COURRIEL, "Email", exemple="admin@etablissement.example"),
                Champ("telephone", TELEPHONE, "Téléphone"),
            )
        )
    ),
    "Administrateurs techniques",
    obligatoire=False,
)


def mandataire(cle: str, libelle: str = "La commande est portée par un mandataire") -> tuple[Champ, ...]:
    """The flag `cle` and the mandataire's three fields, null unless the order is carried by a mandataire."""
    nom, courriel, telephone = CHAMPS_MANDATAIRE
    attendu = f"Rempli si {cle} vaut true, null sinon."

    def champ(nom: str, type_: Type, libelle: str) -> Champ:
        return Champ(nom, type_, libelle, nullable=True, exemple=None, description=attendu)

    return (
        Champ(cle, Booleen(), libelle, role=Role.MANDATAIRE),
        champ(nom, Texte(), "Nom du mandataire"),
        champ(courriel, COURRIEL, "Email du mandataire"),
        champ(telephone, TELEPHONE, "Téléphone du mandataire"),
    )


def client_unique(libelle: str, *, un_seul: bool = False) -> Champ:
    """The flag of an order carried by one client; `un_seul`: which then has one beneficiary only."""
    role = Role.BENEFICIAIRE_UNIQUE if un_seul else Role.CLIENT_UNIQUE
    return Champ("isClientUnique", Booleen(True), libelle, role=role)


def contact(
    nom: str = "nom",
    email: str = "email",
    telephone: str = "telephone",
    *,
    qui: str = "",
    le_nom: str = "",
    courriel: str = "",
    nullable: bool = False,
) -> tuple[Champ, ...]:
    """Name, address and telephone of a beneficiary (`qui`: « du médecin »); `courriel` is the example."""

    def champ(nom: str, type_: Type, libelle: str, role: Role, exemple: object = ABSENT) -> Champ:
        return Champ(nom, type_, libelle.rstrip(), role=role, nullable=nullable, exemple=exemple)

    return (
        champ(nom, Texte(), le_nom or f"Nom {qui}", Role.NOM),
        champ(email, COURRIEL, f"Email {qui}", Role.COURRIEL, courriel or ABSENT),
        champ(telephone, TELEPHONE, f"Téléphone {qui}", Role.TELEPHONE),
    )


def raison_sociale(exemple: str) -> Champ:
    """The company name of a beneficiary."""
    return Champ("raisonSociale", Texte(exemple=exemple), "Raison sociale", role=Role.RAISON_SOCIALE)


OPERATEUR = Champ(
    "operateurMessagerie",
    Texte(50, exemple="GIP_9"),
    "Opérateur messagerie",
    nullable=True,
    rempli_au_solde=True,
    description="Code de l'opérateur ; facultatif (null) sur la commande, obligatoire au solde.",
)


def oui_non(nom: str, libelle: str, exemple: bool = False, **suite: Any) -> Champ:
    """A mandatory true/false field; `suite`: what else is said of a field."""
    return Champ(nom, Booleen(exemple), libelle, **suite)


def au_choix(direct: str, pfi: str, libelle_direct: str, libelle_pfi: str) -> tuple[Champ, ...]:
    """A sending made by the software itself or by an intermediation platform, not by both."""
    return (oui_non(direct, libelle_direct, True, exclut=pfi), oui_non(pfi, libelle_pfi))

"""What every file has in common: its header, and the part of a request that no couloir changes."""

from __future__ import annotations

from segurnum.couloirs.champs import (
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
from segurnum.couloirs.nomenclature import CODES_PIECES, EXTENSIONS, NOM_MAX
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.numeros import NumeroDossier, type_selon_suffixe

DEMANDES_MAX = 200


def _est_dossier_avance(texte: str) -> bool:
    try:
        NumeroDossier.lire(texte)
    except ValueError:
        return False
    return type_selon_suffixe(texte) is not TypeDemande.SOLDE


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


def _tete(type_demande: TypeDemande, version_requise: bool, couloir: str) -> tuple[Champ, ...]:
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
            exemple=None if avance else f"FIN{couloir}010719",
            description="Vide pour une avance."
            if avance
            else "Le numéro de dossier de l'avance, obligatoire.",
        ),
        Champ(
            "numeroEditeur",
            Texte(20, "[A-Za-z0-9_-]{1,20}", "1 à 20 lettres sans accent, chiffres, - ou _", "00001"),
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


def forme_demande(
    type_demande: TypeDemande,
    *,
    couloir: str,
    beneficiaires: Type,
    scenario: Type | None,
    en_plus: tuple[Champ, ...] = (),
    administrateurs: bool = False,
    version_requise: bool = False,
    exemple_beneficiaires: object = None,
    exemple_scenario: object = None,
) -> Objet:
    """The shape of one request: the common part around what the couloir declares."""
    champs = [
        *_tete(type_demande, version_requise, couloir),
        _COMMANDE if type_demande is TypeDemande.AVANCE else _FACTURE,
        _avec_exemple(Champ("beneficiaires", beneficiaires, "Bénéficiaire(s)"), exemple_beneficiaires),
    ]
    if administrateurs:
        champs.append(ADMINISTRATEURS)
    champs.append(_PIECES)
    if scenario is not None:
        champs.append(
            _avec_exemple(
                Champ("scenarioInstallation", scenario, "Scénario d'installation"), exemple_scenario
            )
        )
    return Objet((*champs, *en_plus, *_PIED))


def _avec_exemple(champ: Champ, exemple: object) -> Champ:
    return champ if exemple is None else Champ(champ.nom, champ.type, champ.libelle, exemple=exemple)


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


def mandataire(cle: str) -> tuple[Champ, ...]:
    """The flag `cle` and the mandataire's three fields, null unless the order is carried by a mandataire."""
    attendu = f"Rempli si {cle} vaut true, null sinon."
    return (
        Champ(cle, Booleen(), "Commande portée par un mandataire"),
        Champ(
            "nomMandataire", Texte(), "Nom du mandataire", nullable=True, exemple=None, description=attendu
        ),
        Champ(
            "emailMandataire",
            COURRIEL,
            "Email du mandataire",
            nullable=True,
            exemple=None,
            description=attendu,
        ),
        Champ(
            "telephoneMandataire",
            TELEPHONE,
            "Téléphone du mandataire",
            nullable=True,
            exemple=None,
            description=attendu,
        ),
    )


OPERATEUR = Champ(
    "operateurMessagerie",
    Texte(50, exemple="GIP_9"),
    "Opérateur messagerie",
    nullable=True,
    description="Code de l'opérateur ; facultatif (null) sur la commande.",
)
OPERATEUR_SOLDE = Champ(
    "operateurMessagerie",
    Texte(50, exemple="GIP_9"),
    "Opérateur messagerie",
    description="Code de l'opérateur, obligatoire au solde.",
)


def oui_non(nom: str, libelle: str, exemple: bool = False) -> Champ:
    """A mandatory true/false field."""
    return Champ(nom, Booleen(exemple), libelle)

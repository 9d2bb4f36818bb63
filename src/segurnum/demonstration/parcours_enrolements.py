"""Enrolments brought to every status by the same services as the screens, and ANS numbers left free to try one."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.comptes.queries import par_courriel
from segurnum.coordonnees.personnes import Personne
from segurnum.demonstration import documents, identites
from segurnum.enrolements import services
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.declaration import Banque, Declaration, PersonneMorale
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import QualiteTiers, TypePiece, pieces_requises
from segurnum.fichiers import services as fichiers
from segurnum.referentiel.models import Referencement
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement

S = StatutEnrolement
_EFFET = date(2021, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Logiciel:
    """A software that is referenced; `valide`: at ANS, so that its enrolment is not anticipated."""

    code: str
    numero_ans: str
    nom: str
    valide: bool = True


@dataclass(frozen=True, kw_only=True)
class Candidat:
    """A company that nobody knows yet, and where its enrolment stands at the end."""

    logiciel: Logiciel
    denomination: str
    commune: tuple[str, str]
    representant: tuple[str, str]
    destin: StatutEnrolement
    depositaire: tuple[str, str] | None = None
    qualite: QualiteTiers | None = None
    heberge_donnees: bool | None = None
    taux_tva: Decimal = Decimal("20.00")
    nom_change: bool = False
    verifie: bool = True


CANDIDATS = (
    # Its name is not the directory's: its kbis is to be read.
    Candidat(
        logiciel=Logiciel(code="MDV-LGC-Va1", numero_ans="MDVLGC0011", nom="Hautecabinet"),
        denomination="Hautecime Logiciels",
        commune=("38000", "GRENOBLE"),
        representant=("Ferrandey", "Maud"),
        nom_change=True,
        destin=S.EN_COURS,
    ),
    # The directory of companies did not answer: an officer confirms the company first.
    Candidat(
        logiciel=Logiciel(code="HOP-DPI-Va1", numero_ans="HOPDPI0011", nom="Vertedossier"),
        denomination="Vertelande Hospitalier",
        commune=("29000", "QUIMPER"),
        representant=("Tessalois", "Yann"),
        depositaire=("Nessegrin", "Iris"),
        qualite=QualiteTiers.EMPLOYE,
        heberge_donnees=True,
        verifie=False,
        destin=S.EN_COURS,
    ),
    Candidat(
        logiciel=Logiciel(code="RAD-RIS", numero_ans="RADRIS0011", nom="Moulinscope"),
        denomination="Moulin-Songe Imagerie",
        commune=("63000", "CLERMONT-FERRAND"),
        representant=("Dauphray", "Lise"),
        depositaire=("Obrecourt", "Sami"),
        qualite=QualiteTiers.PRESTATAIRE,
        taux_tva=Decimal("0.00"),
        destin=S.EN_ATTENTE_PIECE,
    ),
    Candidat(
        logiciel=Logiciel(code="HOP-DPI-Va1", numero_ans="HOPDPI0012", nom="Grandpatient", valide=False),
        denomination="Grandebise Santé",
        commune=("59000", "LILLE"),
        representant=("Villembrun", "Paule"),
        destin=S.VALIDATION_PARTIELLE,
    ),
    Candidat(
        logiciel=Logiciel(code="HOP-DPI-Va1", numero_ans="HOPDPI0013", nom="Clairpatient", valide=False),
        denomination="Clairfontanelle Numérique",
        commune=("13001", "MARSEILLE"),
        representant=("Marvauzy", "Théo"),
        destin=S.CERTIFICAT_A_VALIDER,
    ),
    Candidat(
        logiciel=Logiciel(code="MS1-DUI", numero_ans="MS1DUI0011", nom="Pontusager"),
        denomination="Pont-Perdu Solidaire",
        commune=("31000", "TOULOUSE"),
        representant=("Quintrelle", "Anouk"),
        destin=S.VALIDEE,
    ),
    Candidat(
        logiciel=Logiciel(code="MDV-LGC-Va1", numero_ans="MDVLGC0012", nom="Nimbecabinet"),
        denomination="Sainte-Nimbe Édition",
        commune=("69001", "LYON"),
        representant=("Lormelin", "Basile"),
        destin=S.REJETEE,
    ),
)
COMPLEMENTAIRE = (
    "demo-fournisseur",
    Logiciel(code="MDV-LGC-Va1", numero_ans="MDVLGC0013", nom="Valcabinet Mobile"),
)
# Of the second wave, and accepted: it opens the screen of the model documents.
VAGUE_2 = (
    "demo-fournisseur",
    Logiciel(code="HOP-DPI-Va2", numero_ans="HOPDPI0031", nom="Valpatient Deux"),
)
# Left free: whoever tries the demonstration may enrol them, the second as an anticipated one.
LIBRES = (
    Logiciel(code="MDV-LGC-Va1", numero_ans="MDVLGC0021", nom="Librecabinet"),
    Logiciel(code="HOP-DPI-Va1", numero_ans="HOPDPI0021", nom="Librepatient", valide=False),
)
# The ranks of the companies that `reference` makes come before.
PREMIER_RANG = 11


def jouer(dire: Callable[[str], None]) -> None:
    """Make every enrolment; `dire` is told what is being done, in French."""
    dire(f"Enrôlements à tous les statuts ({len(CANDIDATS) + 2})")
    gestionnaire = auteur(Utilisateur.objects.get(username="demo-gestionnaire2"))
    for rang, candidat in enumerate(CANDIDATS, PREMIER_RANG):
        _mener(_deposer(candidat, rang), candidat, gestionnaire)
    _completer(*COMPLEMENTAIRE)
    services.accepter(enrolement=_completer(*VAGUE_2).pk, auteur=gestionnaire)
    for logiciel in LIBRES:
        _referencer(logiciel)


def _referencer(logiciel: Logiciel) -> Referencement:
    couloir = couloirs.trouver(logiciel.code)
    return Referencement.objects.create(
        numero_ans=logiciel.numero_ans,
        logiciel=logiciel.nom,
        version="1.0",
        dsr=couloir.dsr,
        profils=list(couloir.format(TypeDemande.AVANCE).places.profils),
        date_effet=_EFFET,
        valide=logiciel.valide,
    )


def _deposer(candidat: Candidat, rang: int) -> Enrolement:
    declaration = Declaration(
        numero_ans=candidat.logiciel.numero_ans,
        heberge_donnees=candidat.heberge_donnees,
        entreprise=_morale(candidat, rang),
        representant=_personne(candidat.representant, rang),
        depositaire=_personne(candidat.depositaire, rang + 50) if candidat.depositaire else None,
        qualite=candidat.qualite,
        banque=Banque(
            iban=identites.iban(rang),
            bic=identites.BIC,
            titulaire=candidat.denomination,
            domiciliation="Banque de la démonstration",
        ),
        taux_tva=candidat.taux_tva,
    )
    return _enroler(candidat.logiciel, declaration, candidat.denomination)


def _completer(compte: str, logiciel: Logiciel) -> Enrolement:
    """Another software of a company that has its account: neither company, people nor bank again."""
    utilisateur = Utilisateur.objects.select_related("entreprise").get(username=compte)
    entreprise = utilisateur.entreprise
    if entreprise is None:
        raise AssertionError(f"le compte {compte} n'a pas d'entreprise")
    declaration = Declaration(numero_ans=logiciel.numero_ans)
    return _enroler(logiciel, declaration, entreprise.denomination, entreprise, auteur(utilisateur))


def _enroler(
    logiciel: Logiciel,
    declaration: Declaration,
    denomination: str,
    entreprise: Entreprise | None = None,
    par: Auteur = DEMANDEUR,
) -> Enrolement:
    situation = services.situation(declaration, _referencer(logiciel), entreprise=entreprise)
    return services.deposer(
        declaration=declaration,
        pieces=_pieces(pieces_requises(situation), denomination, logiciel),
        entreprise=entreprise,
        auteur=par,
    )


def _morale(candidat: Candidat, rang: int) -> PersonneMorale:
    code_postal, commune = candidat.commune
    return PersonneMorale(
        siret=identites.siret(rang),
        denomination=candidat.denomination,
        nom_commercial=candidat.denomination,
        numero=str(rang),
        type_voie="rue",
        nom_voie="de la Rochesereine",
        code_postal=code_postal,
        commune=commune,
        nom_change=candidat.nom_change,
        verifie=candidat.verifie,
    )


def _personne(nom: tuple[str, str], rang: int) -> Personne:
    return Personne(
        nom=nom[0].upper(),
        prenom=nom[1],
        courriel=f"{nom[1].lower()}.{nom[0].lower()}@enrolement{rang}.example".replace("é", "e"),
        telephone=f"019900{rang:04d}",
    )


def _pieces(types: Iterable[TypePiece], denomination: str, logiciel: Logiciel) -> list[PieceRecue]:
    return [_piece(type_piece, denomination, logiciel) for type_piece in types]


def _piece(type_piece: TypePiece, denomination: str, logiciel: Logiciel) -> PieceRecue:
    lignes = (f"Entreprise : {denomination}", f"Logiciel : {logiciel.nom} ({logiciel.numero_ans})")
    octets = documents.attester(type_piece.libelle, lignes)
    return PieceRecue(
        type=type_piece,
        nom=f"{type_piece.value.lower().replace('_', '-')}.pdf",
        fichier=fichiers.deposer(flux=io.BytesIO(octets)),
    )


def _mener(enrolement: Enrolement, candidat: Candidat, gestionnaire: Auteur) -> None:
    cle = enrolement.pk
    match candidat.destin:
        case S.EN_COURS:
            pass
        case S.EN_ATTENTE_PIECE:
            motif = "Le RIB est illisible : joignez une numérisation qui montre l'IBAN et le BIC en entier."
            services.demander_pieces(
                enrolement=cle, auteur=gestionnaire, motif=motif, types=[TypePiece.RIB, TypePiece.KBIS]
            )
        case S.REJETEE:
            motif = "Le certificat de référencement est celui d'un autre logiciel que celui qui est enrôlé."
            services.rejeter(enrolement=cle, auteur=gestionnaire, motif=motif)
        case _:
            services.accepter(enrolement=cle, auteur=gestionnaire)
            if candidat.destin is S.CERTIFICAT_A_VALIDER:
                _finaliser(enrolement, candidat)


def _finaliser(enrolement: Enrolement, candidat: Candidat) -> None:
    """The certificates come, by the account that the first acceptance opened."""
    compte = par_courriel(enrolement.courriel)
    if compte is None:
        raise AssertionError("la validation partielle n'a pas ouvert de compte")
    for type_piece in (TypePiece.CERTIFICAT, TypePiece.HDS_ATTESTATION):
        piece = _piece(type_piece, candidat.denomination, candidat.logiciel)
        services.ajouter_piece(enrolement=enrolement.pk, auteur=auteur(compte), piece=piece)
    services.terminer_depot(enrolement=enrolement.pk, auteur=auteur(compte))

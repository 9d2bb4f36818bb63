"""Rows for the tests: each function makes one thing that satisfies every rule, and takes what the test is about."""

import io
import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from segurnum import couloirs
from segurnum.comptes import comptes_bancaires
from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.models import Entreprise, Profil, Utilisateur
from segurnum.coordonnees.personnes import Personne
from segurnum.demandes.cycle import etat_de
from segurnum.demandes.models import (
    STATUTS_ETEINTS,
    Beneficiaire,
    Demande,
    Dossier,
    PieceJustificative,
    VersionDemande,
)
from segurnum.enrolements.declaration import Banque, Declaration, PersonneMorale
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.numeros import numero_suivant
from segurnum.enrolements.pieces import TypePiece
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier
from segurnum.financements import services as financements
from segurnum.grand_livre.plan import Operation
from segurnum.grand_livre.services import Ligne, ecrire
from segurnum.journal.services import Fait, consigner
from segurnum.paiements.enveloppes import ouvertures
from segurnum.paiements.models import Enveloppe
from segurnum.referentiel.models import Bareme, FenetreDepot, Plafond, Referencement
from segurnum.regles.argent import calculer_avance
from segurnum.regles.calendrier import fin_de_journee, jours_apres, maintenant
from segurnum.regles.cycles import EtatPaiement, GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.identifiants import cle_luhn

_rang = itertools.count(1)
PDF_MINIMAL = b"%PDF-1.4 invente pour un test"


def siret(rang: int) -> str:
    siren = f"99{rang:06d}"
    siren += cle_luhn(siren)
    return siren + "0001" + cle_luhn(siren + "0001")


def entreprise(**valeurs: Any) -> Entreprise:
    """A company with an active bank account."""
    rang = next(_rang)
    societe = Entreprise.objects.create(
        **{
            "siret": siret(rang),
            "denomination": f"LOGICIELS INVENTÉS {rang}",
            "adresse": f"{rang} rue des Essais",
            "code_postal": "87000",
            "commune": "LIMOGES",
        }
        | valeurs
    )
    comptes_bancaires.retenir(
        entreprise=societe,
        auteur=PORTAIL,
        iban=f"FR76{rang:023d}",
        bic="ESSAFRPP",
        titulaire=societe.denomination,
        domiciliation="BANQUE DES ESSAIS",
    )
    return societe


def utilisateur(profil: Profil, **valeurs: Any) -> Utilisateur:
    """A person of this profile; suppliers and operators get a company if none is given."""
    if profil in (Profil.FOURNISSEUR, Profil.OPERATEUR) and "entreprise" not in valeurs:
        valeurs["entreprise"] = entreprise()
    rang = next(_rang)
    return Utilisateur.objects.create_user(
        f"{profil.lower()}-{rang}", f"u{rang}@societe.example", None, profil=profil, **valeurs
    )


def referencement(code: str = "MS1-DUI", **valeurs: Any) -> Referencement:
    couloir = couloirs.dernier(code)
    return Referencement.objects.create(
        **{
            "numero_ans": f"ess{next(_rang):07d}",
            "logiciel": "Logiciel inventé",
            "version": "1.0",
            "dsr": couloir.dsr,
            "profils": list(couloir.format(TypeDemande.AVANCE).places.profils),
            "date_effet": date(2021, 10, 27),
        }
        | valeurs
    )


def enrolement(code: str = "MS1-DUI", *, societe: Entreprise | None = None, **valeurs: Any) -> Enrolement:
    """A validated enrolment, with windows open around now for its DSR."""
    reference = referencement(code)
    for type_demande in TypeDemande:
        fenetre(reference.dsr, type_demande)
    rang = next(_rang)
    return Enrolement.objects.create(
        **{
            "sequence": numero_suivant(),
            "entreprise": societe or entreprise(),
            "referencement": reference,
            "statut": Enrolement.Statut.VALIDEE,
            "courriel": f"depot{rang}@societe.example",
        }
        | valeurs
    )


def personne(**valeurs: str) -> Personne:
    rang = next(_rang)
    return Personne(
        **{
            "nom": "LORMELIN",
            "prenom": "Camille",
            "courriel": f"personne{rang}@societe.example",
            "telephone": "0199000001",
        }
        | valeurs
    )


def personne_morale(societe: Entreprise | None = None, **valeurs: Any) -> PersonneMorale:
    """A company as declared; the same as `societe` when it is given."""
    rang = next(_rang)
    connue = {"siret": siret(rang), "denomination": f"LOGICIELS INVENTÉS {rang}"}
    if societe is not None:
        connue = {"siret": societe.siret, "denomination": societe.denomination}
    return PersonneMorale(
        **{
            **connue,
            "nom_commercial": "Logiciels inventés",
            "numero": "1",
            "type_voie": "rue",
            "nom_voie": "des Essais",
            "code_postal": "87000",
            "commune": "LIMOGES",
        }
        | valeurs
    )


def declaration(numero_ans: str, **valeurs: Any) -> Declaration:
    """What a legal representative declares for an initial enrolment."""
    ordinaire = Declaration(
        numero_ans=numero_ans,
        entreprise=personne_morale(),
        representant=personne(),
        banque=Banque(
            iban="FR7699999000010000000000137",
            bic="ESSAFRPPXXX",
            titulaire="LOGICIELS INVENTÉS",
            domiciliation="BANQUE DES ESSAIS",
        ),
    )
    return replace(ordinaire, **valeurs)


def enrolement_depose(
    statut: StatutEnrolement = StatutEnrolement.EN_COURS,
    code: str = "MS1-DUI",
    *,
    societe: Entreprise | None = None,
    declare: dict[str, Any] | None = None,
    types: Iterable[TypePiece] = (TypePiece.CERTIFICAT, TypePiece.IDENTITE_REPRESENTANT, TypePiece.RIB),
    **valeurs: Any,
) -> Enrolement:
    """An initial enrolment in any status, as if the services had brought it there: declaration and pieces.

    A company that is not given is a new one, without account nor bank. `declare` changes the declaration.
    """
    reference = referencement(code, valide=not valeurs.get("anticipe", False))
    declaree = declaration(reference.numero_ans, **{"entreprise": personne_morale(societe)} | (declare or {}))
    morale, titulaire = declaree.entreprise, declaree.titulaire_du_compte
    if societe is None and morale is not None:
        societe = Entreprise.objects.create(
            siret=morale.siret,
            denomination=morale.denomination,
            adresse=morale.adresse,
            code_postal=morale.code_postal,
            commune=morale.commune,
        )
    rang = next(_rang)
    inscrit = Enrolement.objects.create(
        **{
            "sequence": numero_suivant(),
            "entreprise": societe,
            "referencement": reference,
            "statut": statut,
            "courriel": titulaire.courriel if titulaire else f"depot{rang}@societe.example",
            "taux_tva": declaree.taux_tva,
            "donnees": declaree.en_dict(),
        }
        | valeurs
    )
    for type_piece in types:
        piece_enrolement(inscrit, type_piece)
    return inscrit


def piece_enrolement(inscrit: Enrolement, type_piece: TypePiece, **valeurs: Any) -> PieceEnrolement:
    return PieceEnrolement.objects.create(
        **{
            "enrolement": inscrit,
            "type": type_piece,
            "nom": f"{type_piece.value.lower()}.pdf",
            "fichier": fichier(),
            "deposee_le": inscrit.depose_le,
        }
        | valeurs
    )


def fenetre(dsr: str, type_demande: TypeDemande, **valeurs: Any) -> FenetreDepot:
    """The window of a DSR; open from yesterday to a month from now when nothing else is said."""
    fermeture = valeurs.get("fermeture", maintenant() + timedelta(days=30))
    ligne, _ = FenetreDepot.objects.update_or_create(
        dsr=dsr,
        type=type_demande,
        defaults={
            "ouverture": min(maintenant(), fermeture) - timedelta(days=90),
            "affichee": fermeture,
            "fermeture": fermeture,
        }
        | valeurs,
    )
    return ligne


def enveloppe(dsr: str = "DSR-MS1-DUI-Va1", montant: str = "1000000", rang: int = 1) -> Enveloppe:
    """An envelope and its credits, as if a movement had been approved."""
    ouverte = Enveloppe.objects.create(
        libelle=f"Enveloppe {next(_rang)}", dsr=[dsr], montant=Decimal(montant), rang=rang
    )
    credit = Ligne(
        operation=Operation.CREDIT, montant=ouverte.montant, enveloppe=ouverte.pk, reference="Reprise"
    )
    ecrire(lignes=[credit], auteur=PORTAIL)
    consigner(ouvertures([ouverte]))
    return ouverte


def fichier(contenu: bytes = PDF_MINIMAL) -> Fichier:
    return fichiers.deposer(flux=io.BytesIO(contenu))


def demande(
    statut: StatutDemande = StatutDemande.EN_COURS,
    *,
    inscrit: Enrolement | None = None,
    dossier: Dossier | None = None,
    type_demande: TypeDemande = TypeDemande.AVANCE,
    montant: str = "1000.00",
    taux_tva: str = "20",
    complete: bool = True,
    finess: str = "",
    plafond: str | None = "1000000.00",
    **valeurs: Any,
) -> Demande:
    """A request in any status, as if the services had brought it there, with a beneficiary and a piece.

    `plafond`: the ceiling of its beneficiary, where its couloir has a table of them; None for one that nobody recorded.
    """
    inscrit = inscrit or (dossier.enrolement if dossier else enrolement())
    dossier = dossier or Dossier.objects.create(
        numero=f"FINMS1{next(_rang) + 900_000:06d}",
        entreprise=inscrit.entreprise,
        enrolement=inscrit,
        dsr=inscrit.referencement.dsr,
    )
    instant = maintenant()
    ligne = Demande.objects.create(
        **{
            "dossier": dossier,
            "entreprise": inscrit.entreprise,
            "numero": f"{dossier.numero}{type_demande.suffixe}",
            "type": type_demande,
            "dsr": dossier.dsr,
            "numero_editeur": f"{next(_rang):05d}",
            "statut": statut,
            "statut_depuis": instant,
            "depose_le": instant,
            "montant_declare": Decimal(montant),
            "taux_tva": Decimal(taux_tva),
        }
        | _selon_statut(statut, Decimal(montant), Decimal(taux_tva))
        | valeurs
    )
    VersionDemande.objects.create(demande=ligne, rang=1, donnees={"numLigne": 1}, cree_le=instant)
    _beneficiaire(ligne, finess or _deja_dans(dossier) or f"98{next(_rang):07d}")
    if plafond:
        plafonner(ligne, plafond)
    PieceJustificative.objects.create(
        demande=ligne,
        nom=f"{ligne.numero_editeur}-bdc.pdf",
        type="BON_COMMANDE",
        fichier=fichier() if complete else None,
        depose_le=instant if complete else None,
    )
    if ligne.calcul and statut in (StatutDemande.VALIDEE, StatutDemande.DECIDEE):
        _consigner_la_validation(ligne)
    return ligne


def _deja_dans(dossier: Dossier) -> str:
    """The establishment of the dossier's avance, which its solde is for too."""
    connu = Beneficiaire.objects.filter(demande__dossier=dossier).order_by("pk").first()
    return connu.identifiants[0] if connu else ""


def _beneficiaire(ligne: Demande, finess: str) -> None:
    """One establishment, which the request claims while it lives, and holds once it is validated."""
    declare = Beneficiaire.objects.create(
        demande=ligne,
        rang=1,
        dsr=ligne.dsr,
        type_identifiant="FINESS",
        identifiants=[finess],
        nom="DURAND",
    )
    if ligne.statut in STATUTS_ETEINTS:
        return
    with transaction.atomic():
        financements.revendiquer([declare])
        if ligne.statut in financements.RETENUS:
            financements.retenir(ligne, vers=ligne.statut)


def plafonner(ligne: Demande, montant: str = "1000000.00") -> None:
    """Give each beneficiary of a request a ceiling, where it has none: by a table, or by the figures of its couloir."""
    bareme = ligne.couloir.bareme
    if not bareme.par_table and not bareme.calcule and not Bareme.objects.filter(dsr=ligne.dsr).exists():
        valeurs = {nom: str(valeur) for nom, valeur in bareme.figures_d_essai.items()}
        Bareme.objects.create(
            dsr=ligne.dsr, date_effet=date(2021, 8, 12), valeurs=valeurs, source="Arrêté des essais"
        )
    if bareme.par_table:
        lus = ligne.beneficiaires.values_list("identifiants", flat=True)
        Plafond.objects.bulk_create(
            (plafond(ligne.dsr, identifiant, montant) for lu in lus for identifiant in lu),
            ignore_conflicts=True,
        )


def plafond(dsr: str, identifiant: str, montant: str) -> Plafond:
    """The ceiling of a beneficiary, in force for long; not saved yet."""
    return Plafond(
        dsr=dsr,
        identifiant=identifiant,
        montant_ht=Decimal(montant),
        date_effet=date(2021, 8, 12),
        source="Arrêté des essais",
    )


def _consigner_la_validation(ligne: Demande) -> None:
    """What the decision compares the row with."""
    fait = Fait(
        chaine=ligne.dossier.chaine,
        objet=ligne.objet,
        geste=GesteDemande.VALIDER,
        auteur=PORTAIL,
        avant=StatutDemande.EN_COURS,
        apres=StatutDemande.VALIDEE,
        details={"numero": ligne.numero, "etat": etat_de(ligne), "calcul": ligne.calcul},
    )
    consigner([fait])


def _selon_statut(statut: StatutDemande, montant: Decimal, taux_tva: Decimal) -> dict[str, Any]:
    if statut is StatutDemande.NON_COMPLETEE:
        return {"expire_le": fin_de_journee(jours_apres(maintenant(), 7))}
    if statut not in (StatutDemande.VALIDEE, StatutDemande.DECIDEE):
        return {}
    calcul = calculer_avance(montant, montant, taux_tva)
    return {
        "instruite": True,
        "calcul": calcul.en_dict(),
        "engagement_ht": calcul.engagement_ht,
        "engagement": calcul.engagement,
        "montant_decide": calcul.decide,
        "valide_le": maintenant(),
        "etat_paiement": EtatPaiement.EN_COURS if statut is StatutDemande.DECIDEE else EtatPaiement.AUCUN,
    }

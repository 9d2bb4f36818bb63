"""From « Terminer » to an account that may deposit."""

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Entreprise, Profil, Utilisateur
from segurnum.coordonnees.personnes import Personne
from segurnum.courriels.models import Courriel
from segurnum.enrolements import admission, services
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.declaration import Banque, Declaration, PersonneMorale
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import QualiteTiers, TypePiece, pieces_requises
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

REPRESENTANT = Personne(
    nom="MARVAUZY", prenom="Odile", courriel="odile@valombreuse.example", telephone="0555010203"
)
DEPOSANT = Personne(nom="TRELAZ", prenom="Yvon", courriel="yvon@valombreuse.example", telephone="0555040506")


def _morale(**valeurs: object) -> PersonneMorale:
    return PersonneMorale(
        **{
            "siret": usines.siret(777),
            "denomination": "LOGICIELS INVENTÉS",
            "nom_commercial": "Inventés",
            "type_voie": "rue",
            "nom_voie": "des Essais",
            "numero": "12",
            "code_postal": "87000",
            "commune": "LIMOGES",
        }
        | valeurs  # type: ignore[arg-type]
    )


def _declaration(reference: Referencement, **valeurs: object) -> Declaration:
    return dataclasses.replace(
        Declaration(
            numero_ans=reference.numero_ans,
            entreprise=_morale(),
            representant=REPRESENTANT,
            banque=Banque(
                iban="FR7630006000011234567890189",
                bic="AGRIFRPP",
                titulaire="INVENTÉS",
                domiciliation="BANQUE DES ESSAIS",
            ),
        ),
        **valeurs,  # type: ignore[arg-type]
    )


def _pieces(declaration: Declaration, entreprise: Entreprise | None = None) -> list[PieceRecue]:
    """Exactly what is required."""
    reference = Referencement.objects.get(numero_ans=declaration.numero_ans)
    requises = pieces_requises(services.situation(declaration, reference, entreprise=entreprise))
    return [PieceRecue(t, f"{t.lower()}.pdf", usines.fichier(t.encode())) for t in requises]


def _deposer(declaration: Declaration, entreprise: Entreprise | None = None) -> Enrolement:
    return services.deposer(
        declaration=declaration,
        pieces=_pieces(declaration, entreprise),
        entreprise=entreprise,
        auteur=DEMANDEUR,
    )


@pytest.fixture
def gestionnaire() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


@pytest.mark.exigence("ENR-014", "ENR-059", "ENR-060", "ENR-061", "ENR-062", "RUL-020")
def test_terminer_enregistre_la_demande_sous_un_numero_et_en_accuse_reception() -> None:
    enrolement = _deposer(_declaration(usines.referencement()))
    assert enrolement.statut is StatutEnrolement.EN_COURS
    assert enrolement.numero.startswith("ENR")
    assert len(enrolement.numero) >= 7
    courriel = Courriel.objects.get(code="M01")
    assert courriel.destinataire == REPRESENTANT.courriel
    assert enrolement.numero in courriel.corps
    assert not Utilisateur.objects.filter(entreprise=enrolement.entreprise).exists()


@pytest.mark.exigence("ENR-043", "ENR-044")
def test_avec_un_depositaire_le_compte_et_les_courriels_sont_a_son_nom(gestionnaire: Auteur) -> None:
    declaration = _declaration(usines.referencement(), depositaire=DEPOSANT, qualite=QualiteTiers.EMPLOYE)
    enrolement = _deposer(declaration)
    services.accepter(enrolement=enrolement.pk, auteur=gestionnaire)
    assert Courriel.objects.get(code="M01").destinataire == DEPOSANT.courriel
    assert Utilisateur.objects.get(entreprise=enrolement.entreprise).email == DEPOSANT.courriel


@pytest.mark.exigence("ENR-015")
def test_une_piece_requise_absente_empeche_de_terminer() -> None:
    declaration = _declaration(usines.referencement())
    with pytest.raises(GesteImpossible, match="RIB"):
        services.deposer(declaration=declaration, pieces=_pieces(declaration)[:-1], auteur=DEMANDEUR)
    assert not Enrolement.objects.exists()


@pytest.mark.exigence("ENR-001", "ENR-018")
def test_un_numero_inconnu_ou_deja_enrole_ne_s_enrole_pas() -> None:
    with pytest.raises(GesteImpossible, match="n'est pas connu"):
        admission.referencement_a_enroler("zzzzzzzzzz")
    reference = usines.referencement()
    _deposer(_declaration(reference))
    with pytest.raises(GesteImpossible, match="déjà enrôlé"):
        admission.referencement_a_enroler(reference.numero_ans)


@pytest.mark.exigence("ENR-109", "ENR-005", "ENR-063")
def test_un_enrolement_rejete_libere_son_numero(gestionnaire: Auteur) -> None:
    reference = usines.referencement()
    premier = _deposer(_declaration(reference))
    services.rejeter(enrolement=premier.pk, auteur=gestionnaire, motif="Certificat illisible")
    assert "Certificat illisible" in Courriel.objects.get(code="M04").corps
    assert _deposer(_declaration(reference)).pk != premier.pk


@pytest.mark.exigence("ENR-063", "ENR-068", "ENR-070", "ENR-092", "ENR-110", "ENR-114", "GST-004", "GST-008")
def test_accepter_ouvre_le_compte_et_retient_ce_qui_est_declare(gestionnaire: Auteur) -> None:
    enrolement = services.accepter(
        enrolement=_deposer(_declaration(usines.referencement())).pk, auteur=gestionnaire
    )
    assert enrolement.ouvre_au_depot
    entreprise = enrolement.entreprise
    assert entreprise.utilisateurs.get().email == REPRESENTANT.courriel
    assert entreprise.comptes_bancaires.get(statut="ACTIVE").iban == "FR7630006000011234567890189"
    assert entreprise.adresse == "12 rue des Essais"
    assert set(Courriel.objects.values_list("code", flat=True)) == {"M01", "M02", "M05", "M06"}


@pytest.mark.parametrize(
    ("ouvertes", "attendu"),
    [
        ({}, "n'est pas ouvert à ce jour : ses dates seront annoncées"),
        (
            {TypeDemande.AVANCE: False},
            "n'est pas ouvert à ce jour :\n- Médecine de ville (LGC)",
        ),
        ({TypeDemande.AVANCE: False, TypeDemande.SOLDE: True}, "vague 2 - Solde : ouverte jusqu'au"),
    ],
)
def test_le_courriel_de_validation_ne_promet_que_ce_qui_est_ouvert(
    ouvertes: dict[TypeDemande, bool], attendu: str, gestionnaire: Auteur
) -> None:
    reference = usines.referencement("MDV-LGC")
    for type_demande, ouverte in ouvertes.items():
        fermeture = maintenant() + timedelta(days=1 if ouverte else -1)
        usines.fenetre(reference.dsr, type_demande, fermeture=fermeture)
    services.accepter(enrolement=_deposer(_declaration(reference)).pk, auteur=gestionnaire)
    corps = Courriel.objects.get(code="M02").corps
    assert attendu in corps
    assert ("Vous pouvez désormais déposer" in corps) == any(ouvertes.values())


@pytest.mark.exigence("ENR-005", "ENR-006", "ENR-007", "ENR-023", "ENR-064", "ENR-065", "ENR-070", "RUL-021")
def test_un_enrolement_anticipe_ouvre_le_portail_mais_pas_le_depot(gestionnaire: Auteur) -> None:
    enrolement = _deposer(_declaration(usines.referencement(valide=False)))
    assert enrolement.anticipe
    assert not enrolement.pieces.filter(type=TypePiece.CERTIFICAT).exists()
    enrolement = services.accepter(enrolement=enrolement.pk, auteur=gestionnaire)
    assert enrolement.statut is StatutEnrolement.VALIDATION_PARTIELLE
    assert enrolement.ouvre_l_acces
    assert not enrolement.ouvre_au_depot
    assert "anticipé" in Courriel.objects.get(code="M03").objet
    assert enrolement.entreprise.utilisateurs.exists()


@pytest.mark.exigence("ENR-008", "ENR-067", "ENR-088", "ENR-089", "ENR-090", "ENR-091", "ENR-092")
def test_un_dpi_anticipe_se_finalise_avec_ses_deux_documents_ensemble(gestionnaire: Auteur) -> None:
    reference = usines.referencement("HOP-DPI", valide=False)
    enrolement = services.accepter(enrolement=_deposer(_declaration(reference)).pk, auteur=gestionnaire)
    titulaire = auteur(enrolement.entreprise.utilisateurs.get())
    certificat = PieceRecue(TypePiece.CERTIFICAT, "certificat.pdf", usines.fichier(b"c"))
    services.ajouter_piece(enrolement=enrolement.pk, auteur=titulaire, piece=certificat)
    with pytest.raises(GesteImpossible, match="ensemble"):
        services.terminer_depot(enrolement=enrolement.pk, auteur=titulaire)
    with pytest.raises(GesteImpossible, match="Aucune pièce de ce type"):
        services.ajouter_piece(
            enrolement=enrolement.pk,
            auteur=titulaire,
            piece=PieceRecue(TypePiece.RIB, "rib.pdf", usines.fichier(b"r")),
        )
    hds = PieceRecue(TypePiece.HDS_ATTESTATION, "hds.pdf", usines.fichier(b"h"))
    services.ajouter_piece(enrolement=enrolement.pk, auteur=titulaire, piece=hds)
    enrolement = services.terminer_depot(enrolement=enrolement.pk, auteur=titulaire)
    assert enrolement.statut is StatutEnrolement.CERTIFICAT_A_VALIDER
    services.refuser_certificats(enrolement=enrolement.pk, auteur=gestionnaire, motif="Mauvaise version")
    services.ajouter_piece(enrolement=enrolement.pk, auteur=titulaire, piece=certificat)
    services.ajouter_piece(enrolement=enrolement.pk, auteur=titulaire, piece=hds)
    services.terminer_depot(enrolement=enrolement.pk, auteur=titulaire)
    assert services.accepter(enrolement=enrolement.pk, auteur=gestionnaire).ouvre_au_depot
    # The account was opened by the first acceptance, once.
    assert Courriel.objects.filter(code="M05").count() == 1


@pytest.mark.exigence("ENR-082", "ENR-084", "ENR-085", "GST-006", "RUL-023")
def test_des_pieces_demandees_se_deposent_et_se_retirent_jusqu_a_la_fin_du_depot(
    gestionnaire: Auteur,
) -> None:
    enrolement = _deposer(_declaration(usines.referencement()))
    titulaire = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=enrolement.entreprise))
    services.demander_pieces(enrolement=enrolement.pk, auteur=gestionnaire, motif="Un RIB lisible")
    assert "Un RIB lisible" in Courriel.objects.get(code="M08").corps
    with pytest.raises(GesteImpossible, match="au moins une pièce"):
        services.terminer_depot(enrolement=enrolement.pk, auteur=titulaire)
    recue = PieceRecue(TypePiece.RIB, "rib.pdf", usines.fichier(b"r"))
    piece = services.ajouter_piece(enrolement=enrolement.pk, auteur=titulaire, piece=recue)
    services.retirer_piece(enrolement=enrolement.pk, auteur=titulaire, piece=piece.pk)
    ancienne = enrolement.pieces.earliest("pk")
    with pytest.raises(GesteImpossible, match="Seule une pièce"):
        services.retirer_piece(enrolement=enrolement.pk, auteur=titulaire, piece=ancienne.pk)
    recue = PieceRecue(TypePiece.RIB, "rib.pdf", usines.fichier(b"r"))
    services.ajouter_piece(enrolement=enrolement.pk, auteur=titulaire, piece=recue)
    enrolement = services.terminer_depot(enrolement=enrolement.pk, auteur=titulaire)
    assert enrolement.statut is StatutEnrolement.EN_COURS
    assert not PieceEnrolement.objects.filter(confirmee=False).exists()


@pytest.mark.exigence("ENR-002", "ENR-071", "ENR-075", "ENR-079", "ENR-081", "ENR-004")
def test_un_complementaire_garde_l_entreprise_son_adresse_et_son_regime(gestionnaire: Auteur) -> None:
    premier = services.accepter(
        enrolement=_deposer(_declaration(usines.referencement())).pk, auteur=gestionnaire
    )
    declaration = Declaration(numero_ans=usines.referencement().numero_ans, taux_tva=Decimal(0))
    second = _deposer(declaration, premier.entreprise)
    assert second.entreprise == premier.entreprise
    assert second.courriel == premier.courriel
    assert (second.libelle_type, second.taux_tva) == ("Complémentaire", Decimal(0))


@pytest.mark.exigence("ENR-004")
@pytest.mark.parametrize("accepte", [False, True])
def test_en_vague_2_un_premier_enrolement_accepte_precede_les_suivants(
    accepte: bool, gestionnaire: Auteur
) -> None:
    reference = usines.referencement(dsr="DSR-HOP-DPI-Va2", valide=False)
    premier = _deposer(_declaration(reference))
    if accepte:
        services.accepter(enrolement=premier.pk, auteur=gestionnaire)
    suivant = usines.referencement(dsr="DSR-HOP-PFI-Va2", valide=False)
    if accepte:
        assert admission.referencement_a_enroler(suivant.numero_ans, premier.entreprise) == suivant
    else:
        with pytest.raises(GesteImpossible, match="vague 2"):
            admission.referencement_a_enroler(suivant.numero_ans, premier.entreprise)


def test_une_entreprise_que_l_annuaire_n_a_pas_confirmee_ne_se_valide_pas(gestionnaire: Auteur) -> None:
    enrolement = _deposer(_declaration(usines.referencement(), entreprise=_morale(verifie=False)))
    with pytest.raises(GesteImpossible, match="annuaire"):
        services.accepter(enrolement=enrolement.pk, auteur=gestionnaire)
    services.confirmer_entreprise(enrolement=enrolement.pk, auteur=gestionnaire)
    assert services.accepter(enrolement=enrolement.pk, auteur=gestionnaire).ouvre_au_depot


def test_un_depot_pour_une_entreprise_connue_ne_change_rien_avant_d_etre_accepte(
    gestionnaire: Auteur,
) -> None:
    connue = usines.entreprise(siret=usines.siret(777))
    _deposer(_declaration(usines.referencement()))
    connue.refresh_from_db()
    assert connue.denomination != "LOGICIELS INVENTÉS"


@pytest.mark.exigence("XCT-014", "ENR-001")
@pytest.mark.django_db(transaction=True)
def test_deux_onglets_qui_terminent_ensemble_font_un_enrolement() -> None:
    declaration = _declaration(usines.referencement())
    pieces = _pieces(declaration)
    resultats = ensemble(
        *[lambda: services.deposer(declaration=declaration, pieces=pieces, auteur=DEMANDEUR)] * 2
    )
    assert sorted(type(r).__name__ for r in resultats) == ["Enrolement", "GesteImpossible"]
    assert Enrolement.objects.count() == 1


@pytest.mark.exigence("XCT-014", "ENR-004")
@pytest.mark.django_db(transaction=True)
def test_deux_numeros_d_une_meme_entreprise_se_jugent_l_un_apres_l_autre() -> None:
    declarations = [
        _declaration(usines.referencement(dsr=f"DSR-HOP-{profil}-Va2", valide=False))
        for profil in ("DPI", "PFI")
    ]
    pieces = [_pieces(declaration) for declaration in declarations]

    def deposer(rang: int) -> Enrolement:
        return services.deposer(declaration=declarations[rang], pieces=pieces[rang], auteur=DEMANDEUR)

    resultats = ensemble(lambda: deposer(0), lambda: deposer(1))
    assert sorted(type(r).__name__ for r in resultats) == ["Enrolement", "GesteImpossible"]
    assert Enrolement.objects.count() == 1

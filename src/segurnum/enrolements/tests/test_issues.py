"""What waits for an applicant has an end: taken back, written to the right address, closed, reminded of."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.enrolements import admission, issues, liens, relances, services, suivi
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.journal.queries import evenements_de
from segurnum.regles import secrets
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db
S, T = StatutEnrolement, TypePiece
MOTIF = "Le RIB est illisible."


def gestionnaire() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


def en_attente(*types: TypePiece) -> Enrolement:
    enrolement = usines.enrolement_depose()
    return services.demander_pieces(enrolement=enrolement.pk, auteur=gestionnaire(), motif=MOTIF, types=types)


def codes() -> list[str]:
    return list(Courriel.objects.order_by("pk").values_list("code", flat=True))


@pytest.mark.exigence("ENR-082", "ENR-085")
def test_le_depot_ne_se_termine_qu_avec_toutes_les_pieces_nommees() -> None:
    enrolement = en_attente(T.RIB, T.KBIS)
    assert services.types_a_deposer(enrolement) == (T.RIB, T.KBIS)
    usines.piece_enrolement(enrolement, T.RIB, confirmee=False)
    with pytest.raises(GesteImpossible, match="Il manque : kbis"):
        services.terminer_depot(enrolement=enrolement.pk, auteur=DEMANDEUR)
    usines.piece_enrolement(enrolement, T.KBIS, confirmee=False)
    assert services.terminer_depot(enrolement=enrolement.pk, auteur=DEMANDEUR).statut is S.EN_COURS


def test_l_un_des_deux_documents_d_hebergement_suffit() -> None:
    enrolement = en_attente(T.HDS_CERTIFICAT, T.HDS_ATTESTATION)
    usines.piece_enrolement(enrolement, T.HDS_ATTESTATION, confirmee=False)
    assert services.depot_incomplet(enrolement) == ""


@pytest.mark.exigence("ENR-082")
def test_le_courriel_nomme_chaque_piece_demandee() -> None:
    en_attente(T.RIB, T.AUTRE)
    corps = Courriel.objects.get(code="M08").corps
    assert "- RIB\n- Autre pièce demandée\n" in corps


def test_reprendre_l_instruction_ferme_le_lien_et_retire_ce_qui_n_etait_pas_transmis() -> None:
    enrolement = en_attente(T.RIB)
    usines.piece_enrolement(enrolement, T.RIB, nom="inacheve.pdf", confirmee=False)
    issues.reprendre(enrolement=enrolement.pk, auteur=gestionnaire(), motif="Le RIB est lisible.")
    assert not enrolement.pieces.filter(nom="inacheve.pdf").exists()
    assert "Le RIB est lisible." in Courriel.objects.get(code="M108").corps
    gestes = evenements_de(enrolement.chaine).values_list("geste", flat=True)
    assert list(gestes) == ["DEMANDER_PIECES", "RETIRER_PIECE", "REPRENDRE"]


@pytest.mark.exigence("ENR-001")
@pytest.mark.parametrize("statut", [S.EN_ATTENTE_PIECE, S.VALIDATION_PARTIELLE, S.CERTIFICAT_A_VALIDER])
def test_ce_qui_attend_se_clot_avec_un_motif_et_libere_le_numero(statut: StatutEnrolement) -> None:
    enrolement = usines.enrolement_depose(statut, anticipe=statut is not S.EN_ATTENTE_PIECE)
    numero = enrolement.referencement.numero_ans
    with pytest.raises(GesteImpossible, match="déjà enrôlé"):
        admission.referencement_a_enroler(numero)
    services.rejeter(enrolement=enrolement.pk, auteur=gestionnaire(), motif="Sans réponse depuis un an.")
    assert admission.referencement_a_enroler(numero) == enrolement.referencement


def test_une_adresse_mal_saisie_se_corrige_et_ce_qui_est_attendu_y_repart() -> None:
    enrolement = en_attente(T.RIB)
    avant = Enrolement.objects.get(pk=enrolement.pk)
    issues.corriger_courriel(
        enrolement=enrolement.pk,
        auteur=gestionnaire(),
        courriel="juste@societe.example",
        motif="Par téléphone.",
    )
    apres = Enrolement.objects.get(pk=enrolement.pk)
    assert apres.courriel == "juste@societe.example"
    assert apres.donnees["representant"]["courriel"] == "juste@societe.example"
    assert apres.empreinte_lien != avant.empreinte_lien
    recus = Courriel.objects.filter(destinataire="juste@societe.example").order_by("pk")
    assert [courriel.code for courriel in recus] == ["M110", "M08"]
    dernier = evenements_de(enrolement.chaine).last()
    assert dernier is not None
    assert (dernier.geste, dernier.motif) == ("CORRIGER_COURRIEL", "Par téléphone.")
    assert "societe.example" not in str(dernier.details)


def test_les_liens_de_la_mauvaise_adresse_n_ouvrent_plus_rien_meme_sans_remplacant() -> None:
    enrolement = en_attente(T.RIB)
    secret = secrets.nouveau()
    Enrolement.objects.filter(pk=enrolement.pk).update(empreinte_suivi=secret.empreinte)
    de_depot = Enrolement.objects.get(pk=enrolement.pk).empreinte_lien
    assert suivi.trouver(secret.empreinte) == liens.trouver(de_depot) == enrolement
    usines.utilisateur(Profil.FOURNISSEUR, entreprise=enrolement.entreprise)  # it answers from its account
    issues.corriger_courriel(
        enrolement=enrolement.pk,
        auteur=gestionnaire(),
        courriel="juste@societe.example",
        motif="Par téléphone.",
    )
    assert suivi.trouver(secret.empreinte) is None
    assert liens.trouver(de_depot) is None


def test_une_adresse_corrigee_ouvre_le_compte_a_la_bonne_personne() -> None:
    enrolement = usines.enrolement_depose()
    officier = gestionnaire()
    issues.corriger_courriel(
        enrolement=enrolement.pk, auteur=officier, courriel="juste@societe.example", motif="Par téléphone."
    )
    services.accepter(enrolement=enrolement.pk, auteur=officier)
    assert enrolement.entreprise.utilisateurs.get().email == "juste@societe.example"


def test_les_rappels_partent_apres_chaque_delai_une_fois_et_s_arretent_a_la_reponse(settings: object) -> None:
    settings.DELAIS_ENROLEMENT = [20, 7]  # type: ignore[attr-defined]
    enrolement = en_attente(T.RIB)
    depuis = enrolement.statut_depuis
    assert relances.relancer(instant=depuis + timedelta(days=6)) == 0
    assert relances.relancer(instant=depuis + timedelta(days=8)) == 1
    assert relances.relancer(instant=depuis + timedelta(days=9)) == 0
    assert "- RIB" in Courriel.objects.get(code="M111").corps
    assert "/deposer-pieces/" in Courriel.objects.get(code="M111").corps
    usines.piece_enrolement(enrolement, T.RIB, confirmee=False)
    services.terminer_depot(enrolement=enrolement.pk, auteur=DEMANDEUR)
    assert relances.relancer(instant=depuis + timedelta(days=40)) == 0
    assert codes() == ["M08", "M111"]


def test_un_balayage_en_retard_n_envoie_qu_un_rappel() -> None:
    enrolement = usines.enrolement_depose(S.VALIDATION_PARTIELLE, anticipe=True)
    instant = maintenant() + timedelta(days=365)
    assert relances.relancer(instant=instant) == 1
    assert relances.relancer(instant=instant) == 0
    courriel = Courriel.objects.get()
    assert "certificat de référencement" in courriel.corps
    assert courriel.destinataire == enrolement.courriel


def test_la_validation_a_l_ans_est_annoncee_une_fois() -> None:
    enrolement = usines.enrolement_depose(S.VALIDATION_PARTIELLE, anticipe=True)
    assert relances.annoncer_les_validations(instant=maintenant()) == 0
    reference = enrolement.referencement
    reference.valide = True
    reference.save()
    assert [relances.annoncer_les_validations(instant=maintenant()) for _ in range(2)] == [1, 0]
    assert codes() == ["M112"]

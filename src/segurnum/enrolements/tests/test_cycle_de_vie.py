"""The life cycle, generated from its table: what it allows works, everything else is refused and changes nothing."""

from collections.abc import Callable

import pytest

from segurnum.comptes.auteurs import PORTAIL, VISITEUR, Auteur, auteur
from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.enrolements import issues, permissions, services
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.fichiers.models import Analyse
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import Acteur, TransitionRefusee
from segurnum.regles.cycles_enrolement import ENROLEMENT, GesteEnrolement, StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

S, G = StatutEnrolement, GesteEnrolement
PROFILS = {
    Acteur.FOURNISSEUR: Profil.FOURNISSEUR,
    Acteur.GESTIONNAIRE: Profil.GESTIONNAIRE,
    Acteur.DECIDEUR: Profil.DECIDEUR,
    Acteur.COMPTABLE: Profil.COMPTABLE,
    Acteur.AUDITEUR: Profil.AUDITEUR,
    Acteur.ADMINISTRATION: Profil.ADMINISTRATION,
}
SANS_COMPTE = {Acteur.SYSTEME: PORTAIL, Acteur.VISITEUR: VISITEUR}
MOTIF = "Le certificat est illisible : joignez une numérisation complète."
PERMIS = {
    (passage.depuis, passage.geste, acteur): passage for passage in ENROLEMENT for acteur in passage.acteurs
}
# An enrolment is in these statuses only because it was deposited before its certificates.
ANTICIPES = (S.VALIDATION_PARTIELLE, S.CERTIFICAT_A_VALIDER)

Service = Callable[[Enrolement, Auteur], object]


def _accepter(enrolement: Enrolement, qui: Auteur) -> object:
    return services.accepter(enrolement=enrolement.pk, auteur=qui)


def _terminer(enrolement: Enrolement, qui: Auteur) -> object:
    return services.terminer_depot(enrolement=enrolement.pk, auteur=qui)


# How each gesture is made through the public service: two services choose the step by the enrolment itself.
GESTES: dict[GesteEnrolement, Service] = {
    G.DEMANDER_PIECES: lambda e, a: services.demander_pieces(enrolement=e.pk, auteur=a, motif=MOTIF),
    G.REPRENDRE: lambda e, a: issues.reprendre(enrolement=e.pk, auteur=a, motif=MOTIF),
    G.TERMINER_DEPOT: _terminer,
    G.DEPOSER_CERTIFICATS: _terminer,
    G.ACCEPTER: _accepter,
    G.ACCEPTER_PARTIELLEMENT: _accepter,
    G.REJETER: lambda e, a: services.rejeter(enrolement=e.pk, auteur=a, motif=MOTIF),
    G.REFUSER_CERTIFICATS: lambda e, a: services.refuser_certificats(enrolement=e.pk, auteur=a, motif=MOTIF),
}
SERVICES: dict[str, tuple[Service, frozenset[GesteEnrolement]]] = {
    "demander_pieces": (GESTES[G.DEMANDER_PIECES], frozenset({G.DEMANDER_PIECES})),
    "reprendre": (GESTES[G.REPRENDRE], frozenset({G.REPRENDRE})),
    "terminer_depot": (_terminer, frozenset({G.TERMINER_DEPOT, G.DEPOSER_CERTIFICATS})),
    "accepter": (_accepter, frozenset({G.ACCEPTER, G.ACCEPTER_PARTIELLEMENT})),
    "rejeter": (GESTES[G.REJETER], frozenset({G.REJETER})),
    "refuser_certificats": (GESTES[G.REFUSER_CERTIFICATS], frozenset({G.REFUSER_CERTIFICATS})),
}


def _auteur(acteur: Acteur, enrolement: Enrolement | None = None) -> Auteur:
    """`enrolement`: the supplier is then its own."""
    return SANS_COMPTE.get(acteur) or auteur(_personne(PROFILS[acteur], enrolement))


def _personne(profil: Profil, enrolement: Enrolement | None) -> Utilisateur:
    sienne = {"entreprise": enrolement.entreprise} if enrolement and profil in PROFILS_ENTREPRISE else {}
    return usines.utilisateur(profil, **sienne)


def _enrolement(statut: StatutEnrolement, *, anticipe: bool = False) -> Enrolement:
    """An enrolment ready for whatever its status allows: the pieces that are waited for are there."""
    enrolement = usines.enrolement_depose(statut, anticipe=anticipe or statut in ANTICIPES)
    if statut in services.DEPOTS_COMPLEMENTAIRES:
        usines.piece_enrolement(enrolement, TypePiece.CERTIFICAT, confirmee=False)
    return enrolement


def _courriels_attendus(depuis: StatutEnrolement, geste: GesteEnrolement, courriel: str | None) -> list[str]:
    """The table's own, and the two that give an identifier and a password to who had no account."""
    ouvre = depuis is S.EN_COURS and geste in (G.ACCEPTER, G.ACCEPTER_PARTIELLEMENT)
    return ([courriel] if courriel else []) + (["M05", "M06"] if ouvre else [])


@pytest.mark.exigence(
    *("ENR-063", "ENR-068", "ENR-070", "ENR-082", "ENR-085", "ENR-091", "ENR-092"),
    *("ENR-105", "ENR-106", "ENR-107", "ENR-108", "ENR-109", "ENR-110"),
    *("GST-004", "GST-005", "GST-006", "GST-007"),
)
@pytest.mark.parametrize(("depuis", "geste", "acteur"), list(PERMIS), ids=lambda v: v.value)
def test_un_geste_de_la_table_change_le_statut_laisse_une_trace_et_ses_courriels(
    depuis: StatutEnrolement, geste: GesteEnrolement, acteur: Acteur
) -> None:
    passage = PERMIS[depuis, geste, acteur]
    enrolement = _enrolement(depuis, anticipe=geste is G.ACCEPTER_PARTIELLEMENT)
    qui = _auteur(acteur, enrolement)
    GESTES[geste](enrolement, qui)
    avant = enrolement.statut_depuis
    enrolement.refresh_from_db()
    assert enrolement.statut == passage.vers
    assert enrolement.statut_depuis > avant
    evenement = evenements_de(enrolement.chaine).get(geste=geste)
    assert (evenement.geste, evenement.avant, evenement.apres) == (geste, depuis, passage.vers)
    assert (evenement.acteur_id, evenement.role) == (qui.cle, acteur)
    assert evenement.motif == (MOTIF if passage.motif_obligatoire else "")
    ecrits = list(Courriel.objects.order_by("pk"))
    assert [courriel.code for courriel in ecrits] == _courriels_attendus(depuis, geste, passage.courriel)
    assert {courriel.destinataire for courriel in ecrits} <= {enrolement.courriel}
    if passage.motif_obligatoire:
        assert MOTIF in ecrits[0].corps


@pytest.mark.exigence("ENR-063", "GST-005")
@pytest.mark.parametrize("service", list(SERVICES))
@pytest.mark.parametrize("depuis", list(StatutEnrolement), ids=lambda v: v.value)
def test_un_geste_hors_de_la_table_est_refuse_et_ne_change_rien(
    depuis: StatutEnrolement, service: str
) -> None:
    enrolement = _enrolement(depuis)
    agir, gestes = SERVICES[service]
    for acteur in Acteur:
        if any((depuis, geste, acteur) in PERMIS for geste in gestes):
            continue
        with pytest.raises(TransitionRefusee, match=depuis.libelle.replace("(s)", r"\(s\)")):
            agir(enrolement, _auteur(acteur, enrolement))
    enrolement.refresh_from_db()
    assert enrolement.statut == depuis
    assert not evenements_de(enrolement.chaine).exists()
    assert not Courriel.objects.exists()


@pytest.mark.exigence("GST-005", "GST-006", "GST-007")
@pytest.mark.parametrize(
    ("depuis", "service"),
    [
        (S.EN_COURS, services.rejeter),
        (S.EN_COURS, services.demander_pieces),
        (S.EN_ATTENTE_PIECE, issues.reprendre),
        (S.EN_ATTENTE_PIECE, services.rejeter),
        (S.VALIDATION_PARTIELLE, services.rejeter),
        (S.CERTIFICAT_A_VALIDER, services.refuser_certificats),
        (S.CERTIFICAT_A_VALIDER, services.rejeter),
    ],
)
def test_un_motif_blanc_est_refuse(depuis: StatutEnrolement, service: Callable[..., object]) -> None:
    enrolement = _enrolement(depuis)
    with pytest.raises(GesteImpossible, match="motif"):
        service(enrolement=enrolement.pk, auteur=_auteur(Acteur.GESTIONNAIRE), motif="  \n")
    enrolement.refresh_from_db()
    assert enrolement.statut == depuis


@pytest.mark.parametrize("anticipe", [False, True])
@pytest.mark.parametrize("profil", list(Profil))
@pytest.mark.parametrize("depuis", list(StatutEnrolement), ids=lambda v: v.value)
def test_les_boutons_d_un_ecran_sont_les_gestes_de_la_table(
    depuis: StatutEnrolement, profil: Profil, anticipe: bool
) -> None:
    """An enrolment « En cours » is accepted in one way only, by what it is."""
    enrolement = usines.enrolement_depose(depuis, anticipe=anticipe or depuis in ANTICIPES)
    acteurs = {PROFILS[acteur]: acteur for acteur in PROFILS} | {Profil.OPERATEUR: Acteur.FOURNISSEUR}
    attendus = {
        geste for statut, geste, acteur in PERMIS if (statut, acteur) == (depuis, acteurs.get(profil))
    }
    if depuis is S.EN_COURS:
        attendus.discard(G.ACCEPTER if anticipe else G.ACCEPTER_PARTIELLEMENT)
    assert set(permissions.gestes(_personne(profil, enrolement), enrolement)) == attendus


@pytest.mark.exigence("ENR-069", "GST-008")
def test_une_adresse_deja_connue_recoit_l_annonce_de_son_acces_et_aucun_nouveau_mot_de_passe() -> None:
    enrolement = _enrolement(S.EN_COURS)
    connu = usines.utilisateur(Profil.FOURNISSEUR)
    connu.email = enrolement.courriel
    connu.set_password("un mot de passe déjà choisi")
    connu.save()
    _accepter(enrolement, _auteur(Acteur.GESTIONNAIRE))
    assert list(Courriel.objects.order_by("pk").values_list("code", flat=True)) == ["M02", "M07"]


@pytest.mark.exigence("GST-004")
def test_un_siret_que_l_annuaire_n_a_pas_confirme_se_confirme_avant_de_valider() -> None:
    enrolement = usines.enrolement_depose(entreprise_a_verifier=True)
    qui = _auteur(Acteur.GESTIONNAIRE)
    with pytest.raises(GesteImpossible, match="vérifiez-le avant de valider"):
        _accepter(enrolement, qui)
    services.confirmer_entreprise(enrolement=enrolement.pk, auteur=qui)
    _accepter(enrolement, qui)
    gestes = evenements_de(enrolement.chaine).values_list("geste", flat=True)
    assert list(gestes) == ["CONFIRMER_ENTREPRISE", "ACCEPTER"]


@pytest.mark.exigence("ENR-081")
def test_un_enrolement_complementaire_accepte_n_ouvre_aucun_autre_acces() -> None:
    enrolement = usines.enrolement_depose(
        societe=usines.entreprise(),
        type=Enrolement.Type.COMPLEMENTAIRE,
        declare={"entreprise": None, "representant": None, "banque": None},
    )
    _accepter(enrolement, _auteur(Acteur.GESTIONNAIRE))
    assert list(Courriel.objects.values_list("code", flat=True)) == ["M02"]
    assert not enrolement.entreprise.utilisateurs.exists()


@pytest.mark.exigence("XCT-014")
@pytest.mark.django_db(transaction=True)
def test_deux_gestionnaires_au_meme_instant_font_un_seul_geste() -> None:
    enrolement = _enrolement(S.EN_COURS)
    premier, second = _auteur(Acteur.GESTIONNAIRE), _auteur(Acteur.GESTIONNAIRE)
    resultats = ensemble(
        lambda: _accepter(enrolement, premier), lambda: GESTES[G.REJETER](enrolement, second)
    )
    assert [type(resultat) for resultat in resultats].count(TransitionRefusee) == 1
    assert evenements_de(enrolement.chaine).count() == 1
    enrolement.refresh_from_db()
    assert enrolement.statut in (S.VALIDEE, S.REJETEE)
    codes = set(Courriel.objects.values_list("code", flat=True))
    assert codes == ({"M04"} if enrolement.statut == S.REJETEE else {"M02", "M05", "M06"})


def test_une_piece_saine_arrivee_en_meme_temps_ne_prend_pas_la_place_d_une_piece_bloquee() -> None:
    enrolement = usines.enrolement_depose()
    bloquee = enrolement.pieces.select_related("fichier").order_by("pk")[0]
    bloquee.fichier = usines.fichier(b"une menace")
    bloquee.fichier.analyse = Analyse.INFECTE
    bloquee.fichier.save()
    bloquee.save()
    voisine = {"nom": "voisine.png", "fichier": usines.fichier(b"sain"), "deposee_le": bloquee.deposee_le}
    usines.piece_enrolement(enrolement, TypePiece(bloquee.type), **voisine)
    qui = _auteur(Acteur.GESTIONNAIRE)
    with pytest.raises(GesteImpossible, match="y a trouvé une menace"):
        _accepter(enrolement, qui)
    demandee = voisine | {"nom": "autre.pdf", "deposee_le": maintenant()}
    usines.piece_enrolement(enrolement, TypePiece(bloquee.type), **demandee)
    _accepter(enrolement, qui)

"""A supplier finds its requests: by what it types of a number, by whom they equip, under names of its own."""

import pytest
from django.db import connection

from segurnum.comptes.models import Profil
from segurnum.demandes import recherche, vues
from segurnum.demandes.models import Demande, Vue
from segurnum.demandes.queries import de_l_entreprise
from segurnum.essais import usines
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def _trouvees(texte: str) -> set[str]:
    return {d.numero for d in recherche.selon(Demande.objects.all(), {"beneficiaire": texte})}


def test_un_numero_se_propose_des_trois_caracteres_et_dix_au_plus():
    inscrit = usines.enrolement()
    siennes = [usines.demande(inscrit=inscrit) for _ in range(12)]
    usines.demande()  # another company's
    miennes = de_l_entreprise(inscrit.entreprise)
    assert recherche.proposer_numeros(miennes, "FI") == []
    proposees = recherche.proposer_numeros(miennes, "fin")
    assert [d.pk for d in proposees] == [d.pk for d in reversed(siennes)][:10]
    entier = siennes[3].numero
    assert [d.numero for d in recherche.proposer_numeros(miennes, f" {entier[4:]} ")] == [entier]


def test_un_avenant_et_sa_demande_ne_se_proposent_qu_une_fois():
    inscrit = usines.enrolement()
    demande = usines.demande(inscrit=inscrit)
    usines.demande(StatutDemande.HISTORISEE, inscrit=inscrit)
    Demande.objects.exclude(pk=demande.pk).update(numero=demande.numero)
    proposees = recherche.proposer_numeros(de_l_entreprise(inscrit.entreprise), demande.numero)
    assert len(proposees) == 1


@pytest.mark.parametrize(
    ("texte", "trouvee"),
    [
        ("clinique de l'etang", True),
        ("CLINIQUE DE L'ÉTANG", True),
        ("étang", True),
        ("tan", True),
        ("HOLDING", True),
        ("98 000 0001", True),
        ("980000001", True),
        ("98000000", False),  # an identifier is given whole
        ("100%", False),
        ("clinique_de", False),
        ("étangs", False),
    ],
)
def test_un_beneficiaire_se_cherche_par_son_identifiant_entier_ou_une_part_de_son_nom(
    texte: str, trouvee: bool
):
    demande = usines.demande()
    usines.demande()
    demande.beneficiaires.update(
        nom="Clinique de l'Étang", raison_sociale="Holding Étang", identifiants=["980000001"]
    )
    assert (_trouvees(texte) == {demande.numero}) is trouvee


def test_la_recherche_d_un_beneficiaire_passe_par_l_index():
    usines.demande()
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = recherche.equipant("clinique").explain()
    assert "beneficiaire_recherche" in plan


def test_une_vue_se_garde_sous_son_nom_et_se_remplace():
    personne, autre = usines.utilisateur(Profil.FOURNISSEUR), usines.utilisateur(Profil.FOURNISSEUR)
    vue = vues.enregistrer(personne=personne, nom="  À   corriger ", criteres="statut=A_MODIFIER")
    assert (vue.cle, vue.nom) == ("a-corriger", "À corriger")
    vues.enregistrer(personne=personne, nom="à corriger", criteres="statut=EN_COURS")
    vues.enregistrer(personne=autre, nom="À corriger", criteres="statut=DECIDEE")
    assert [v.criteres for v in vues.de(personne)] == ["statut=EN_COURS"]
    vues.supprimer(personne=personne, cle="a-corriger")
    with pytest.raises(GesteImpossible, match="n'existe plus"):
        vues.supprimer(personne=personne, cle="a-corriger")
    assert Vue.objects.get().personne == autre


@pytest.mark.parametrize(
    ("nom", "criteres", "phrase"),
    [
        ("", "statut=EN_COURS", "Donnez un nom"),
        ("…", "statut=EN_COURS", "Donnez un nom"),
        ("Tout", "", "au moins un critère"),
        ("Longue", "f_numero=" + "x" * 2000, "trop longue"),
    ],
)
def test_une_vue_sans_nom_ou_sans_critere_ne_se_garde_pas(nom: str, criteres: str, phrase: str):
    with pytest.raises(GesteImpossible, match=phrase):
        vues.enregistrer(personne=usines.utilisateur(Profil.FOURNISSEUR), nom=nom, criteres=criteres)
    assert not Vue.objects.exists()


def test_une_personne_garde_vingt_vues_au_plus():
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    for rang in range(vues.MAXIMUM):
        vues.enregistrer(personne=personne, nom=f"vue {rang}", criteres="statut=EN_COURS")
    vues.enregistrer(personne=personne, nom="vue 3", criteres="statut=DECIDEE")
    with pytest.raises(GesteImpossible, match="déjà 20 vues"):
        vues.enregistrer(personne=personne, nom="une de plus", criteres="statut=EN_COURS")

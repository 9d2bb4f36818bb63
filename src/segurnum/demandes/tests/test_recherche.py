"""A part of a number finds its request, by an index."""

import pytest
from django.db import connection

from segurnum.demandes.models import Demande
from segurnum.demandes.recherche import contenant
from segurnum.essais import usines

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("texte", ["FINMS1", "ms1", "M0", "0", "AB-7", "b-7", "FINMS1999999"])
def test_la_recherche_trouve_ce_qu_une_lecture_ligne_a_ligne_trouverait(texte: str) -> None:
    inscrit = usines.enrolement()
    for editeur in ("00001", "AB-77", "AB-8"):
        usines.demande(inscrit=inscrit, numero_editeur=editeur)
    attendues = {
        d.pk
        for d in Demande.objects.all()
        if texte.upper() in d.numero.upper() or texte.upper() in d.numero_editeur.upper()
    }
    trouvees = Demande.objects.filter(contenant(texte, "numero", "numero_editeur"))
    assert {d.pk for d in trouvees} == attendues


def test_la_recherche_passe_par_l_index() -> None:
    usines.demande()
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
    plan = Demande.objects.filter(contenant("010719", "numero")).explain()
    assert "demande_recherche" in plan

"""Labelled values, drawn bare: tooltip, amount with its computation, nothing that becomes HTML."""

import html
import re
from decimal import Decimal

from django.template import Context, Engine

from segurnum.kits.fiche import Donnee
from segurnum.regles.argent import LigneCalcul


def dessiner(*donnees: Donnee | tuple[str, object], options: str = "") -> str:
    gabarit = Engine.get_default().from_string(f"{{% fiche donnees {options} %}}")
    return " ".join(gabarit.render(Context({"donnees": donnees})).split())


def texte(rendu: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", rendu)).split())


def test_chaque_valeur_suit_son_libelle() -> None:
    rendu = dessiner(("Nom", "Zoé"), Donnee("Ville", "Limoges"), options='suffixe=" :"')
    assert texte(rendu) == "Nom : Zoé Ville : Limoges"
    assert (rendu.count("<dt>"), rendu.count("<dd>")) == (2, 2)


def test_une_aide_est_reliee_a_son_libelle_sous_un_nom_unique_dans_la_page() -> None:
    rendu = dessiner(
        Donnee("SIRET", "1", "Quatorze chiffres"), Donnee("Nom", "Zoé"), options='prefixe="societe"'
    )
    assert 'aria-describedby="societe-aide-1"' in rendu
    assert re.search(r'id="societe-aide-1" role="tooltip"[^>]*>Quatorze chiffres', rendu)
    assert rendu.count("tooltip") == dessiner(Donnee("SIRET", "1", "Quatorze chiffres")).count("tooltip")


def test_un_montant_dit_d_ou_il_vient() -> None:
    calcul = LigneCalcul("Avance", "1 000,00 € × 30 %", Decimal("300"))
    assert "D'où vient ce montant ? 1 000,00 € × 30 % = 300,00 €" in texte(
        dessiner(Donnee("Montant", "300 €", calcul=calcul))
    ).replace("\u202f", " ").replace("\u00a0", " ")
    assert "D'où vient" not in texte(dessiner(Donnee("Montant", "300 €")))


def test_une_valeur_n_est_jamais_du_html() -> None:
    rendu = dessiner(("<b>", "<script>"), Donnee("Aide", "x", "<i>"))
    assert not re.search(r"<(b|i|script)>", rendu)

"""User guides in PDF: what the Markdown says, tagged, reproducible, and nothing lost without a word."""

from io import BytesIO

import pikepdf
import pytest

from segurnum.editique import exemple_pieces, guide
from segurnum.editique.tests.texte_pdf import texte

MARKDOWN = """
Un texte **important** et `du code`,
sur deux lignes avec [un lien](/ailleurs).

## Une partie

1. premier
2. deuxième

- puce

| colonne | autre |
|---|---|
| case | **grasse** |

```
segurnum verifier fichier.json
  --pieces pieces.zip
```
"""


@pytest.mark.exigence("PUB-044", "PUB-047")
def test_un_guide_dit_tout_ce_que_dit_son_texte() -> None:
    pdf = guide("Mon guide", MARKDOWN)
    assert pdf == guide("Mon guide", MARKDOWN)
    # Each piece of a sentence is read apart: the blanks before its signs are the reader's.
    lu = " ".join(texte(pdf).split()).replace(" ,", ",").replace(" .", ".")
    for attendu in (
        *("Mon guide", "Un texte important et du code, sur deux lignes avec un lien."),
        *("Une partie", "premier", "deuxième", "puce", "colonne", "autre", "case", "grasse"),
        *("segurnum verifier fichier.json", "--pieces pieces.zip"),
    ):
        assert attendu in lu
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr-FR"
        assert document.open_metadata().pdfa_status == "2A"


def test_un_texte_hostile_s_imprime_tel_quel() -> None:
    assert '#import "x": *' in texte(guide("T", 'Voir #import "x": * ici.'))


def test_ce_qu_un_guide_ne_sait_pas_montrer_se_dit() -> None:
    with pytest.raises(ValueError, match="blockquote"):
        guide("T", "> une citation")


@pytest.mark.exigence("PUB-044")
def test_l_exemple_de_pieces_a_une_page_par_piece() -> None:
    with pikepdf.open(BytesIO(exemple_pieces())) as document:
        assert len(document.pages) == 3
    for attendu in ("Bon de commande", "Mise en ordre de marche (MOM)", "aptitude (VA)", "inventés"):
        assert attendu in texte(exemple_pieces())

"""The codes of what may be wrong with a file before its values are looked at."""

from __future__ import annotations

from segurnum.controles.catalogue import ERREUR, declarer

VIDE = declarer(
    "1001", "Fichier vide", ERREUR, "Le fichier ne contient rien.", "Choisissez un fichier JSON rempli."
)
TROP_GROS = declarer(
    "1002",
    "Fichier trop volumineux",
    ERREUR,
    "Le fichier dépasse 5 Mo (5 242 880 octets).",
    "Répartissez les demandes en plusieurs fichiers.",
)
ENCODAGE = declarer(
    "1003",
    "Encodage autre que UTF-8",
    ERREUR,
    "Le fichier n'est pas encodé en UTF-8 : ses lettres accentuées ne peuvent pas être lues.",
    "Enregistrez le fichier en UTF-8 (sans BOM).",
)
BOM = declarer(
    "1004",
    "Marque d'ordre des octets (BOM)",
    ERREUR,
    "Le fichier commence par une marque invisible (BOM) que le JSON n'admet pas.",
    "Enregistrez le fichier en « UTF-8 » et non en « UTF-8 avec BOM ».",
)
SYNTAXE = declarer(
    "1005",
    "JSON illisible",
    ERREUR,
    "Le fichier ne respecte pas la syntaxe JSON : la suite ne peut pas être lue.",
    "Corrigez à la ligne et à la colonne indiquées, puis relancez la vérification.",
)
AUTRE_FORMAT = declarer(
    "1012",
    "Autre format que JSON",
    ERREUR,
    "Le fichier est un classeur, un document, une page web ou un tableau : son nom n'en fait pas du JSON.",
    "Exportez les demandes en JSON, ou envoyez le tableur sous son propre nom (.xlsx, .ods ou .csv).",
)
INVISIBLE = declarer(
    "1013",
    "Caractère invisible entre deux éléments",
    ERREUR,
    "Un espace insécable ou un autre caractère que l'on ne voit pas se trouve hors des guillemets.",
    "Effacez-le, ou remplacez-le par une espace ordinaire.",
)
CONSTANTE = declarer(
    "1006",
    "Nombre qui n'en est pas un",
    ERREUR,
    "NaN, Infinity et -Infinity ne sont pas des valeurs JSON.",
    "Remplacez par un nombre, ou par null si le champ l'admet.",
)
CLE_REPETEE = declarer(
    "1007",
    "Champ répété",
    ERREUR,
    "Le même champ figure deux fois dans le même objet : on ne peut savoir quelle valeur retenir.",
    "Ne gardez qu'une des deux occurrences.",
)
PROFONDEUR = declarer(
    "1008",
    "Imbrication excessive",
    ERREUR,
    "Les objets et listes sont imbriqués au-delà de 20 niveaux.",
    "Repartez du modèle de fichier publié.",
)
NOMBRE_DEMESURE = declarer(
    "1009",
    "Nombre démesuré",
    ERREUR,
    "Un nombre du fichier compte trop de chiffres ou un exposant trop grand pour être lu.",
    "Écrivez les montants en euros, avec deux décimales au plus.",
)
TROP_D_ANOMALIES = declarer(
    "1010",
    "Trop d'anomalies",
    ERREUR,
    "Le fichier compte plus de 5 000 anomalies, ou leur récit dépasse 3 Mo : seules les premières sont montrées.",
    "Corrigez-les, puis relancez la vérification.",
)
TROP_D_ELEMENTS = declarer(
    "1011",
    "Trop d'éléments",
    ERREUR,
    "Le fichier compte plus de 500 000 objets, listes et valeurs : ce n'est pas un fichier de 200 demandes.",
    "Repartez du modèle de fichier publié.",
)

"""What is dear to read, and so has a limit of its own."""

# It makes a file out of thousands of rows, a computation to check, or a call to somebody else.
LECTURES_COUTEUSES = {
    "public:defi",
    "fournisseur:oidc",
    "gestion:annuaire_adresses",
    "gestion:boites_arretees",
    "fournisseur:rapport_csv",
    "fournisseur:rapport_json",
    "fournisseur:recepisse",
    "public:recepisse",
}

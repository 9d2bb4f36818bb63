// A text field that proposes values from three characters on (ARIA combobox with a list). Without this it is a plain field.

const ASSEZ = 3;
const DELAI = 200; // ms

class Propositions {
  constructor(champ) {
    this.champ = champ;
    this.demande = null;
    const libelle = champ.labels[0]?.firstChild.textContent.trim() ?? "Propositions"; // while it is in the page
    this.cadre = document.createElement("div");
    this.cadre.className = "portail-propositions";
    champ.replaceWith(this.cadre);
    this.liste = document.createElement("ul");
    this.liste.id = `${champ.id}_propositions`;
    this.liste.setAttribute("role", "listbox");
    this.liste.setAttribute("aria-label", libelle);
    this.liste.hidden = true;
    this.annonce = document.createElement("p");
    this.annonce.className = "fr-sr-only";
    this.annonce.setAttribute("role", "status");
    this.cadre.append(champ, this.liste, this.annonce);
    for (const [nom, valeur] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.liste.id,
    })) {
      champ.setAttribute(nom, valeur);
    }
    champ.addEventListener("input", () => this.attendre());
    champ.addEventListener("keydown", (touche) => this.presser(touche));
    champ.addEventListener("blur", () => this.fermer());
    // The focus stays in the field: choosing with the mouse does not close the list first.
    this.liste.addEventListener("mousedown", (souris) => souris.preventDefault());
    this.liste.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choisir(option);
    });
  }

  get options() {
    return [...this.liste.children];
  }

  attendre() {
    clearTimeout(this.minuteur);
    this.demande?.abort();
    if (this.champ.value.trim().length < ASSEZ) this.fermer();
    else this.minuteur = setTimeout(() => this.demander(), DELAI);
  }

  async demander() {
    this.demande = new AbortController();
    const adresse = new URL(this.champ.dataset.propositions, location.href);
    adresse.searchParams.set("q", this.champ.value.trim());
    try {
      const reponse = await fetch(adresse, { signal: this.demande.signal, headers: { Accept: "application/json" } });
      if (!reponse.ok) return this.fermer();
      this.montrer((await reponse.json()).propositions);
    } catch {
      // Typed on, or no answer: the field still searches by what it holds.
    }
  }

  montrer(propositions) {
    this.liste.replaceChildren(
      ...propositions.map(({ valeur, libelle }, rang) => {
        const option = document.createElement("li");
        option.id = `${this.liste.id}_${rang}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.valeur = valeur;
        option.textContent = libelle;
        return option;
      }),
    );
    const nombre = propositions.length;
    this.annonce.textContent = nombre
      ? `${nombre} proposition${nombre > 1 ? "s" : ""} : flèches pour les parcourir, Entrée pour choisir.`
      : "Aucune demande ne contient ces caractères.";
    this.ouvrir(nombre > 0 && document.activeElement === this.champ);
  }

  ouvrir(ouverte) {
    this.liste.hidden = !ouverte;
    this.champ.setAttribute("aria-expanded", String(ouverte));
    if (!ouverte) this.viser(null);
  }

  fermer() {
    clearTimeout(this.minuteur);
    this.demande?.abort();
    this.ouvrir(false);
  }

  get visee() {
    return this.liste.querySelector("[aria-selected=true]");
  }

  viser(option) {
    this.visee?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.champ.setAttribute("aria-activedescendant", option.id);
    else this.champ.removeAttribute("aria-activedescendant");
  }

  presser(touche) {
    const pas = { ArrowDown: 1, ArrowUp: -1 }[touche.key];
    if (pas && !this.liste.hidden) {
      const rang = this.options.indexOf(this.visee);
      const suivant = rang < 0 && pas < 0 ? this.options.length - 1 : rang + pas;
      this.viser(this.options.at(suivant % this.options.length));
    } else if (touche.key === "ArrowDown" && this.options.length) {
      this.ouvrir(true);
    } else if (touche.key === "Enter" && this.visee) {
      this.choisir(this.visee);
    } else if (touche.key === "Escape" && !this.liste.hidden) {
      this.fermer();
    } else {
      return;
    }
    touche.preventDefault();
  }

  choisir(option) {
    this.champ.value = option.dataset.valeur;
    this.fermer();
    this.liste.replaceChildren();
    this.champ.form?.requestSubmit();
  }
}

for (const champ of document.querySelectorAll("[data-propositions]")) new Propositions(champ);

// Small comforts of every page. Nothing here is needed to use the portal.

// The summary of a refused form is read and reached first.
document.querySelector("[data-recoit-focus]")?.focus();

// A pop-in that the page came with holds the attention until it is closed; without this it only lies above the page.
function ouvrirLesPopIn() {
  for (const fenetre of document.querySelectorAll("dialog[data-pop-in][open]:not(:modal)")) {
    fenetre.close();
    fenetre.showModal();
    // Closed, it leads to what it spoke of.
    fenetre.addEventListener("close", () =>
      (document.querySelector("main [aria-invalid=true]") ?? document.querySelector("main")).focus(),
    );
  }
}

ouvrirLesPopIn();
document.addEventListener("portail:remplace", ouvrirLesPopIn);

// A form that is on its way is not sent a second time by a double click.
document.addEventListener("submit", (evenement) => {
  const formulaire = evenement.target;
  // What is saved leaves the page as it is: it may be asked for again.
  if (evenement.defaultPrevented || formulaire.method !== "post" || "telecharge" in formulaire.dataset) return;
  if (formulaire.dataset.enCours) evenement.preventDefault();
  formulaire.dataset.enCours = "oui";
});

// Coming back by the browser's history: the page is alive again.
window.addEventListener("pageshow", () => {
  for (const formulaire of document.querySelectorAll("form[data-en-cours]")) delete formulaire.dataset.enCours;
});

// What asks again and again and gets no answer says so; the next answer takes the place of the whole.
for (const silence of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(silence, (evenement) => {
    evenement.target.querySelector?.("[data-sans-reponse]")?.removeAttribute("hidden");
  });
}

// On a narrow screen the lines of a table become cards, in which each cell says its column (portail.css).
function nommerLesCellules() {
  for (const cadre of document.querySelectorAll(".portail-tableau")) {
    const titres = [...cadre.querySelectorAll("thead tr:first-child th")].map((titre) => titre.textContent.trim());
    for (const ligne of cadre.querySelectorAll("tbody tr, thead tr:not(:first-child)")) {
      [...ligne.children].forEach((cellule, rang) => {
        if (titres[rang] && cellule.matches("td:not([colspan])")) cellule.dataset.libelle = titres[rang];
      });
    }
    cadre.classList.add("portail-fiches");
  }
}

nommerLesCellules();
for (const remplacement of ["htmx:afterSettle", "portail:remplace"]) {
  document.addEventListener(remplacement, nommerLesCellules);
}

// Rows that are ticked: all of the page at once; a row that is not ticked any more is not of the whole result either.
document.addEventListener("change", ({ target }) => {
  if (target.form?.id !== "selection" || target.type !== "checkbox") return;
  const cases = [...target.form.elements].filter((une) => une.type === "checkbox");
  const lignes = cases.filter((une) => !une.dataset.tout);
  const tout = (quoi) => cases.find((une) => une.dataset.tout === quoi);
  if (target.dataset.tout) for (const une of lignes) une.checked = target.checked;
  const cochees = lignes.filter((une) => une.checked).length;
  tout("page").checked = cochees === lignes.length;
  tout("page").indeterminate = cochees > 0 && cochees < lignes.length;
  if (tout("resultat") && cochees < lignes.length) tout("resultat").checked = false;
});

// A theme is chosen in the window of the footer: the next pages come with it.
document.addEventListener("change", ({ target }) => {
  if (target.name !== "fr-radios-theme") return;
  const sur = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${target.value}; path=/; max-age=31536000; samesite=lax${sur}`;
  // And the other browsers of who is signed in.
  if (target.form?.id === "themes") {
    fetch(target.form.action, { method: "POST", body: new FormData(target.form) }).catch(() => {});
  }
});

// The help of a field opens when the pointer comes over it, as it does on focus and on click; it stays while the pointer is on it.
function survolerUneAide({ type, target, relatedTarget }) {
  const surLAide = target.closest?.(".fr-btn--tooltip, .fr-tooltip");
  if (!surLAide) return;
  const id = surLAide.getAttribute("aria-describedby") ?? surLAide.id;
  const bouton = document.querySelector(`.fr-btn--tooltip[aria-describedby="${CSS.escape(id)}"]`);
  if (!bouton || bouton === document.activeElement) return;
  if (type === "mouseover") bouton.dispatchEvent(new FocusEvent("focusin"));
  else if (!surLAide.contains(relatedTarget)) bouton.dispatchEvent(new FocusEvent("focusout"));
}

for (const geste of ["mouseover", "mouseout"]) document.addEventListener(geste, survolerUneAide);

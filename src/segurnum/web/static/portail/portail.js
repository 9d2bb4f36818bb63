// Small comforts of every page. Nothing here is needed to use the portal.

// The summary of a refused form is read and reached first.
document.querySelector("[data-recoit-focus]")?.focus();

// A form that is on its way is not sent a second time by a double click.
document.addEventListener("submit", (evenement) => {
  const formulaire = evenement.target;
  if (evenement.defaultPrevented || formulaire.method !== "post") return;
  if (formulaire.dataset.enCours) evenement.preventDefault();
  formulaire.dataset.enCours = "oui";
});

// Coming back by the browser's history: the page is alive again.
window.addEventListener("pageshow", () => {
  for (const formulaire of document.querySelectorAll("form[data-en-cours]")) delete formulaire.dataset.enCours;
});

// A link of the summary opens the heading that it leads to.
for (const lien of document.querySelectorAll("a[data-ouvre]")) {
  lien.addEventListener("click", () => {
    const bouton = document.querySelector(`[aria-controls="${lien.dataset.ouvre}"]`);
    if (bouton?.getAttribute("aria-expanded") === "false") bouton.click();
    bouton?.focus({ preventScroll: true });
  });
}

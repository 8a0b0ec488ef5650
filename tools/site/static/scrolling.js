// Code, tables and formulas wider than the page scroll. The keyboard must reach them.
function letTheKeyboardScroll() {
  for (const box of document.querySelectorAll("pre, .highlight, .table-wrapper, div.math")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

async function afterTheFormulas() {
  await window.MathJax?.startup?.promise;
  letTheKeyboardScroll();
}

addEventListener("load", afterTheFormulas);
addEventListener("resize", letTheKeyboardScroll);

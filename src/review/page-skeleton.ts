/** What stands in every page; its scripts put the rest in, as text. Shown are parts that have something to show. */
export const PAGE_SKELETON = `<body>
<a class="skip" href="#recordings">Skip to the recordings</a>
<header class="page-head">
<p class="kind">Call recordings</p>
<h1 id="case">Package of call recordings</h1>
<noscript><p class="notice">This page needs JavaScript, which is switched off in this browser. It asks the network for nothing.
Without it: the recordings are in the folder data/originals beside this page's folder, and README.txt tells how to check
the package by other means.</p></noscript>
<dl id="package" class="facts"></dl>
</header>
<section id="check" class="panel"></section>
<main id="recordings" tabindex="-1" hidden>
<h2>Recordings</h2>
<form id="filters" role="search" aria-label="Recordings">
<div class="field wide"><label for="search">Search</label>
<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="Number, name, id or digest"></div>
<div class="field"><label for="direction">Direction</label>
<select id="direction"><option value="">Any</option><option value="inbound">Inbound</option><option value="outbound">Outbound</option>
<option value="unknown">Not known</option></select></div>
<div class="field"><label for="evidence">Evidence</label><select id="evidence"><option value="">Any</option></select></div>
<div class="field"><label for="state">Structure</label>
<select id="state"><option value="">Any</option><option value="damaged">Damaged or cut short</option><option value="sound">No defect
found</option><option value="none">Not audio</option></select></div>
<div class="field"><label for="from">From, UTC</label><input id="from" type="date"></div>
<div class="field"><label for="until">To, UTC</label><input id="until" type="date"></div>
<div class="field check"><input id="legs" type="checkbox"><label for="legs">Only calls with several recordings</label></div>
<div class="field"><button id="clear" type="button">Clear</button></div>
</form>
<p id="count" role="status"></p>
<div class="columns">
<div class="list">
<div id="table" class="scroll" role="region" tabindex="0" aria-label="List of recordings"></div>
<nav id="pages" aria-label="Pages of the list"></nav>
</div>
<article id="detail" tabindex="-1" aria-labelledby="detail-title">
<h3 id="detail-title">No recording chosen</h3>
<p>Choose one from the list to hear it and to see what is known of it.</p>
</article>
</div>
<section id="removed" hidden></section>
</main>
<footer class="page-foot" id="foot"></footer>
`;

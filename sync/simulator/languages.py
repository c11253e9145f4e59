"""Sentences in languages other than English: fewer, and built so that they suit any name."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns by purpose. `{name}` is the record's name, `{k}` a keyword; fillers go by their number of words."""

    nameless: str
    joiner: str
    audience: str
    number: str
    openings: tuple[str, ...]
    benefits: tuple[str, ...]
    keywords: tuple[str, ...]
    closers: tuple[str, ...]
    descriptions: tuple[str, ...]
    titles: tuple[str, ...]
    leads: tuple[str, ...]
    fillers: Mapping[int, tuple[str, ...]]


def _by_length(*sentences: str) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for one in sentences:
        size = len(one.split())
        found[size] = (*found.get(size, ()), one)
    return MappingProxyType(found)


GERMAN = Phrases(
    nameless="Dieses Produkt",
    joiner="und",
    audience="Besonders geeignet für",
    number="Artikelnummer",
    openings=(
        "Mit {name} kommt ein Stück Qualität nach Hause, das man jeden Tag spürt.",
        "{name}: durchdacht, sorgfältig gefertigt und bereit für den Alltag.",
        "Wer auf Details achtet, wird {name} zu schätzen wissen.",
        "Manches erklärt sich von selbst, und {name} gehört dazu.",
    ),
    benefits=(
        "Die Verarbeitung überzeugt auf den ersten Blick und hält auch dem zweiten stand.",
        "Ausgesuchte Materialien sorgen für eine lange Lebensdauer.",
        "Die klare Gestaltung passt zu vielem, was schon da ist.",
        "Auspacken, benutzen, genießen: Mehr braucht es nicht.",
        "Auch als Geschenk ist das eine sichere Wahl.",
        "Jedes Detail hat seinen Zweck, nichts wirkt überflüssig.",
        "Die Pflege ist einfach und schnell erledigt.",
        "So macht der Alltag ein wenig mehr Freude.",
        "Was gut gemacht ist, darf auch nach Jahren noch gefallen.",
        "Der Preis ist fair, die Qualität sichtbar.",
        "Hier treffen solides Handwerk und zeitlose Form aufeinander.",
        "Fragen beantwortet unser Team gern und ausführlich.",
    ),
    keywords=(
        "Wer nach {k} sucht, ist hier richtig.",
        "Beim Thema {k} entscheiden die Details.",
        "Die Suche nach {k} kann hier enden.",
    ),
    closers=("Jetzt online bestellen.", "Am besten gleich selbst überzeugen.", "Wir freuen uns auf die Bestellung."),
    descriptions=("{name} jetzt entdecken.", "{name} im Überblick.", "Gute Gründe sprechen für {name}."),
    titles=("{name}", "{name} | Online kaufen", "{name} | Jetzt bestellen", "{name} entdecken"),
    leads=(
        "Außerdem gilt: ", "Kurz gesagt: ", "Im Alltag zeigt sich: ", "Viele Kunden bestätigen: ", "Noch einmal: ",
    ),
    fillers=_by_length(
        "Versprochen.", "Überzeugend.", "Einfach gut.",
        "Sehr durchdacht.", "Gemacht für lange.", "Qualität zahlt sich aus.",
        "Gute Dinge brauchen ihre Zeit.", "So macht jeder Tag mehr Freude.",
    ),
)  # fmt: skip

FRENCH = Phrases(
    nameless="Ce produit",
    joiner="et",
    audience="Tout particulièrement pour",
    number="Référence",
    openings=(
        "Avec {name}, la qualité s'invite dans votre quotidien.",
        "{name} : une création soignée, pensée pour durer.",
        "Certains choix sont évidents, et {name} en fait partie.",
        "Découvrez {name} et laissez-vous convaincre par le soin du détail.",
    ),
    benefits=(
        "La finition séduit au premier regard et résiste à l'usage.",
        "Des matières choisies avec soin assurent une longue durée de vie.",
        "Les lignes sobres s'accordent avec tout ce que vous possédez déjà.",
        "Il suffit de déballer, d'utiliser et d'apprécier.",
        "C'est aussi une belle idée de cadeau.",
        "Chaque détail a son utilité et rien n'est superflu.",
        "L'entretien est simple et rapide.",
        "Le quotidien devient un peu plus agréable.",
        "Ce qui est bien fait plaît encore après des années.",
        "Le prix est juste et la qualité se voit.",
        "Un savoir-faire solide rencontre ici une forme intemporelle.",
        "Notre équipe répond volontiers à toutes vos questions.",
    ),
    keywords=(
        "Vous cherchez {k} ? Vous êtes au bon endroit.",
        "Pour {k}, ce sont les détails qui comptent.",
        "Votre recherche de {k} peut s'arrêter ici.",
    ),
    closers=("Commandez en ligne dès aujourd'hui.", "Laissez-vous convaincre.", "À découvrir sans attendre."),
    descriptions=("Découvrez {name}.", "{name} en détail.", "De bonnes raisons de choisir {name}."),
    titles=("{name}", "{name} | Acheter en ligne", "{name} | Commander", "Découvrir {name}"),
    leads=("De plus : ", "En bref : ", "Au quotidien, on le constate : ", "Nos clients le confirment : "),
    fillers=_by_length(
        "Promis.", "Convaincant.", "Tout simplement.",
        "Vraiment réussi.", "Fait pour durer.", "La qualité se remarque.",
        "Un plaisir de chaque jour.", "Les bonnes choses prennent leur temps.",
    ),
)  # fmt: skip

SPANISH = Phrases(
    nameless="Este producto",
    joiner="y",
    audience="Especialmente indicado para",
    number="Referencia",
    openings=(
        "Con {name}, la calidad entra en tu día a día.",
        "{name}: un diseño cuidado y pensado para durar.",
        "Hay decisiones fáciles, y {name} es una de ellas.",
        "Descubre {name} y déjate convencer por los detalles.",
    ),
    benefits=(
        "El acabado convence a primera vista y resiste el uso diario.",
        "Los materiales, elegidos con cuidado, aseguran una larga vida útil.",
        "Sus líneas sobrias combinan con todo lo que ya tienes.",
        "Solo hay que abrir, usar y disfrutar.",
        "También es una buena idea para regalar.",
        "Cada detalle tiene su función y nada sobra.",
        "El mantenimiento es sencillo y rápido.",
        "Así, cada día resulta un poco más agradable.",
        "Lo que está bien hecho sigue gustando con los años.",
        "El precio es justo y la calidad está a la vista.",
        "Aquí se unen la buena artesanía y una forma atemporal.",
        "Nuestro equipo responde con gusto a todas tus preguntas.",
    ),
    keywords=(
        "Si buscas {k}, estás en el lugar adecuado.",
        "Cuando se trata de {k}, los detalles cuentan.",
        "Tu búsqueda de {k} puede terminar aquí.",
    ),
    closers=("Pide hoy mismo en línea.", "Compruébalo por ti mismo.", "Te esperamos en la tienda."),
    descriptions=("Descubre {name}.", "{name} en detalle.", "Buenas razones para elegir {name}."),
    titles=("{name}", "{name} | Comprar en línea", "{name} | Pedir ahora", "Descubre {name}"),
    leads=(
        "Además: ", "En pocas palabras: ", "En el uso diario se nota: ", "Nuestros clientes lo confirman: ",
    ),
    fillers=_by_length(
        "Prometido.", "Convincente.", "Simplemente bueno.",
        "Muy logrado.", "Hecho para durar.", "La calidad se nota.",
        "Un placer para cada día.", "Las cosas buenas necesitan su tiempo.",
    ),
)  # fmt: skip

ITALIAN = Phrases(
    nameless="Questo prodotto",
    joiner="e",
    audience="Particolarmente indicato per",
    number="Articolo",
    openings=(
        "Con {name} la qualità entra nella vita di ogni giorno.",
        "{name}: una creazione curata, pensata per durare.",
        "Alcune scelte sono semplici, e {name} è una di queste.",
        "Scopri {name} e lasciati convincere dai dettagli.",
    ),
    benefits=(
        "La finitura conquista al primo sguardo e resiste all'uso.",
        "I materiali, scelti con cura, garantiscono una lunga durata.",
        "Le linee sobrie si abbinano a tutto ciò che possiedi già.",
        "Basta aprire, usare e apprezzare.",
        "È anche una bella idea regalo.",
        "Ogni dettaglio ha la sua funzione e nulla è superfluo.",
        "La manutenzione è semplice e veloce.",
        "Così ogni giornata diventa un po' più piacevole.",
        "Ciò che è fatto bene piace anche dopo anni.",
        "Il prezzo è giusto e la qualità si vede.",
        "Qui la buona manifattura incontra una forma senza tempo.",
        "Il nostro team risponde volentieri a ogni domanda.",
    ),
    keywords=(
        "Se cerchi {k}, sei nel posto giusto.",
        "Quando si tratta di {k}, contano i dettagli.",
        "La tua ricerca di {k} può finire qui.",
    ),
    closers=("Ordina oggi stesso online.", "Provare per credere.", "Ti aspettiamo nel nostro negozio."),
    descriptions=("Scopri {name}.", "{name} nei dettagli.", "Buoni motivi per scegliere {name}."),
    titles=("{name}", "{name} | Acquista online", "{name} | Ordina ora", "Scopri {name}"),
    leads=("Inoltre: ", "In breve: ", "Nell'uso quotidiano si nota: ", "I nostri clienti lo confermano: "),
    fillers=_by_length(
        "Promesso.", "Convincente.", "Semplicemente buono.",
        "Davvero riuscito.", "Fatto per durare.", "La qualità si vede.",
        "Un piacere di ogni giorno.", "Le cose buone richiedono il tempo.",
    ),
)  # fmt: skip

DUTCH = Phrases(
    nameless="Dit product",
    joiner="en",
    audience="Vooral geschikt voor",
    number="Artikelnummer",
    openings=(
        "Met {name} haal je kwaliteit in huis die je elke dag merkt.",
        "{name}: doordacht, zorgvuldig gemaakt en klaar voor elke dag.",
        "Wie op details let, zal {name} waarderen.",
        "Sommige keuzes zijn eenvoudig, en {name} is er een van.",
    ),
    benefits=(
        "De afwerking overtuigt op het eerste gezicht en blijft overtuigen.",
        "Zorgvuldig gekozen materialen zorgen voor een lange levensduur.",
        "De rustige vormgeving past bij alles wat je al hebt.",
        "Uitpakken, gebruiken en genieten: meer is niet nodig.",
        "Ook als cadeau is dit een goede keuze.",
        "Elk detail heeft een doel en niets is overbodig.",
        "Het onderhoud is eenvoudig en snel gedaan.",
        "Zo wordt elke dag een beetje prettiger.",
        "Wat goed gemaakt is, blijft ook na jaren mooi.",
        "De prijs is eerlijk en de kwaliteit is zichtbaar.",
        "Hier komen vakmanschap en een tijdloze vorm samen.",
        "Ons team beantwoordt graag al je vragen.",
    ),
    keywords=(
        "Wie {k} zoekt, is hier aan het juiste adres.",
        "Bij {k} geven de details de doorslag.",
        "Je zoektocht naar {k} kan hier eindigen.",
    ),
    closers=("Bestel vandaag nog online.", "Overtuig jezelf.", "We sturen het graag naar je toe."),
    descriptions=("Ontdek {name}.", "{name} in detail.", "Goede redenen voor {name}."),
    titles=("{name}", "{name} | Online kopen", "{name} | Nu bestellen", "Ontdek {name}"),
    leads=("Bovendien: ", "Kortom: ", "In het dagelijks gebruik blijkt: ", "Veel klanten bevestigen: "),
    fillers=_by_length(
        "Beloofd.", "Overtuigend.", "Gewoon goed.",
        "Zeer geslaagd.", "Gemaakt voor jaren.", "Kwaliteit betaalt zich uit.",
        "Goede dingen hebben tijd nodig.", "Zo wordt elke dag iets mooier.",
    ),
)  # fmt: skip

DANISH = Phrases(
    nameless="Dette produkt",
    joiner="og",
    audience="Især velegnet til",
    number="Varenummer",
    openings=(
        "Med {name} får du kvalitet, som kan mærkes hver dag.",
        "{name}: gennemtænkt, omhyggeligt fremstillet og klar til hverdagen.",
        "Den, der lægger mærke til detaljer, vil sætte pris på {name}.",
        "Nogle valg er nemme, og {name} er et af dem.",
    ),
    benefits=(
        "Finishen overbeviser ved første blik og holder til daglig brug.",
        "Nøje udvalgte materialer sikrer en lang levetid.",
        "Det rolige udtryk passer til alt det, du har i forvejen.",
        "Pak ud, tag i brug og nyd det.",
        "Det er også et godt valg som gave.",
        "Hver detalje har et formål, og intet er overflødigt.",
        "Vedligeholdelsen er enkel og hurtigt klaret.",
        "Sådan bliver hver dag en smule bedre.",
        "Det, der er lavet godt, glæder også efter mange år.",
        "Prisen er fair, og kvaliteten kan ses.",
        "Her mødes solidt håndværk og en tidløs form.",
        "Vores team svarer gerne på alle spørgsmål.",
    ),
    keywords=(
        "Leder du efter {k}, er du kommet til det rette sted.",
        "Når det gælder {k}, er det detaljerne, der tæller.",
        "Din søgen efter {k} kan slutte her.",
    ),
    closers=("Bestil online i dag.", "Se selv efter.", "Vi glæder os til at sende den til dig."),
    descriptions=("Oplev {name}.", "{name} i detaljer.", "Gode grunde til at vælge {name}."),
    titles=("{name}", "{name} | Køb online", "{name} | Bestil nu", "Oplev {name}"),
    leads=("Desuden: ", "Kort sagt: ", "I hverdagen viser det sig: ", "Mange kunder bekræfter: "),
    fillers=_by_length(
        "Garanteret.", "Overbevisende.", "Simpelthen godt.",
        "Meget vellykket.", "Skabt til hverdagen.", "Kvalitet betaler sig altid.",
        "Gode ting tager deres tid.", "Sådan bliver hver dag lidt bedre.",
    ),
)  # fmt: skip

SWEDISH = Phrases(
    nameless="Den här produkten",
    joiner="och",
    audience="Särskilt lämplig för",
    number="Artikelnummer",
    openings=(
        "Med {name} får du kvalitet som märks varje dag.",
        "{name}: genomtänkt, omsorgsfullt tillverkad och redo för vardagen.",
        "Den som ser till detaljerna kommer att uppskatta {name}.",
        "Vissa val är enkla, och {name} är ett av dem.",
    ),
    benefits=(
        "Finishen övertygar vid första anblicken och tål daglig användning.",
        "Noga utvalda material ger en lång livslängd.",
        "Det lugna uttrycket passar till allt du redan har.",
        "Packa upp, använd och njut.",
        "Det är också ett bra val som present.",
        "Varje detalj har ett syfte och inget är överflödigt.",
        "Skötseln är enkel och går snabbt.",
        "Så blir varje dag lite trevligare.",
        "Det som är väl gjort gläder även efter många år.",
        "Priset är rimligt och kvaliteten syns.",
        "Här möts gediget hantverk och en tidlös form.",
        "Vårt team svarar gärna på alla frågor.",
    ),
    keywords=(
        "Letar du efter {k} har du kommit rätt.",
        "När det gäller {k} är det detaljerna som räknas.",
        "Ditt sökande efter {k} kan sluta här.",
    ),
    closers=("Beställ online i dag.", "Se efter själv.", "Vi skickar gärna hem den till dig."),
    descriptions=("Upptäck {name}.", "{name} i detalj.", "Goda skäl att välja {name}."),
    titles=("{name}", "{name} | Köp online", "{name} | Beställ nu", "Upptäck {name}"),
    leads=("Dessutom: ", "Kort sagt: ", "I vardagen visar det sig: ", "Många kunder bekräftar: "),
    fillers=_by_length(
        "Utlovat.", "Övertygande.", "Helt enkelt.",
        "Mycket lyckat.", "Gjort för vardagen.", "Kvalitet lönar sig alltid.",
        "Goda ting tar sin tid.", "Så blir varje dag lite bättre.",
    ),
)  # fmt: skip

LANGUAGES: Mapping[str, Phrases] = MappingProxyType(
    {
        "de": GERMAN, "fr": FRENCH, "es": SPANISH, "it": ITALIAN, "nl": DUTCH, "da": DANISH, "sv": SWEDISH,
    }
)  # fmt: skip

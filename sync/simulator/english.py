"""English sentences, by what they are for. Slots are filled by `voices`; the words are all there is here.

Slots for the thing written about, right for one or many: `{N}` at the start of a sentence, `{n}` within, `{o}` as an
object, `{its}`; verbs: `{is_}`, `{has}`, `{does}`, and endings `{s}` and `{es}`. Others: `{k}` a keyword, `{a}` and
`{A}` the name of an attribute, `{v}` its value, `{who}` an audience, `{where}` countries.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# World -> words in a name or an attribute that give it away.
CLUES = MappingProxyType(
    {
        "coffee": "coffee espresso roast beans arabica robusta brew tea yirgacheffe decaf grind arabicas",
        "apparel": (
            "shirt tee jacket coat dress sock socks trousers jeans sweater jumper hoodie cardigan scarf "
            "skirt blouse beanie merino cotton linen cashmere fit sleeve apparel wear shorts leggings gloves"
        ),
        "outdoor": (
            "tent backpack trail hiking trek camping sleeping stove lantern boots rope kayak bottle headlamp "
            "waterproof climbing poles hammock outdoor rucksack daypack tarp bivy carabiner flask"
        ),
        "furniture": (
            "chair stool table sofa armchair bench shelf shelves bed desk cabinet sideboard wardrobe lamp oak "
            "walnut ash beech bookcase mirror furniture wood drawer ottoman rug dresser nightstand"
        ),
    }
)

NOUNS = MappingProxyType(
    {"furniture": "piece", "coffee": "coffee", "outdoor": "design", "apparel": "piece", "general": "product"}
)

OPENINGS = MappingProxyType(
    {
        "furniture": (
            "Some rooms only need one good piece, and {n} may well be it.",
            "{N} bring{s} calm lines and honest materials into your home.",
            "Drawn with care and built for use, {n} settle{s} into a room as if made for it.",
            "A home grows slowly, and {n} {is_} made to grow with it.",
            "{N} show{s} how much character plain, well-made furniture can have.",
            "With {o} in the room, the everyday suddenly looks a little more considered.",
            "{N} do{es} quietly what good furniture should: work hard and look right.",
            "Sit, store, gather, unwind: {n} make{s} space for all the ordinary moments of a day.",
        ),
        "coffee": (
            "The first cup decides how a morning goes, and {n} make{s} sure it goes well.",
            "{N} {is_} for everyone who likes to taste where a coffee was grown.",
            "Carefully picked and patiently roasted, {n} reward{s} a slow morning.",
            "Open the bag of {name} and the kitchen smells the way a good day begins.",
            "{N} bring{s} depth, balance and a clean finish to your cup.",
            "Good coffee needs few words, and {n} need{s} hardly any.",
            "Whether you brew by hand or by machine, {n} repay{s} every bit of attention.",
            "From farm to filter, {n} {has} been handled with respect.",
        ),
        "outdoor": (
            "When the path gets rough, {n} {is_} what you want to have with you.",
            "{N} {is_} made for days that begin before sunrise and end by the fire.",
            "Weather changes, plans change, and {n} keep{s} doing the job.",
            "Pack light, go far: {n} earn{s} every gram of space in your kit.",
            "{N} come{s} from the idea that gear should disappear while you enjoy the view.",
            "For weekends in the hills and for longer trips, {n} {is_} ready when you are.",
            "Out there, details matter, and {n} get{s} them right.",
            "{N} turn{s} a forecast of changing skies into a good reason to go anyway.",
        ),
        "apparel": (
            "{N} {is_} the kind of piece you reach for without thinking twice.",
            "Easy to wear and hard to wear out, {n} belong{s} in every wardrobe.",
            "{N} combine{s} a clean cut with a feel you notice from the first moment.",
            "Good clothes make mornings simpler, and {n} {is_} proof of it.",
            "Made to be worn often, {n} keep{s} shape and charm season after season.",
            "From desk to dinner, {n} move{s} through the day with you.",
            "{N} prove{s} that comfort and good looks get along very well.",
            "Layered or alone, {n} look{s} right in every season.",
        ),
        "general": (
            "{N} make{s} everyday life a little easier and a good deal nicer.",
            "Thoughtfully made and a pleasure to use, {n} {is_} worth a closer look.",
            "{N} {is_} what happens when somebody thinks about the details first.",
            "There are things you use every day, and {n} {is_} set to be among them.",
            "{N} combine{s} sound workmanship with a clear, timeless look.",
            "Useful from the first day, {n} will stay welcome for many more.",
            "If you value quality you can feel, {n} will not disappoint you.",
            "Once {n} {has} found a place in your day, going back is hard.",
        ),
        "category": (
            "{N} bring{s} together what we would choose for ourselves.",
            "Looking around is easy here, because {n} {is_} small enough to know and wide enough to choose from.",
            "In {o} you will find pieces that earn their keep, picked one by one.",
            "{N} {is_} put together by people who use these things every day.",
            "Whether you know exactly what you want or are only browsing, {n} {has} an answer.",
            "Every product in {o} has been tried, compared and kept for a good reason.",
        ),
    }
)

BENEFITS = MappingProxyType(
    {
        "furniture": (
            "Solid joints and a steady stand make {o} dependable for years.",
            "The proportions work in a small flat as well as in a generous living room.",
            "Every edge has been smoothed, so {n} feel{s} as good as {n_} look{s}.",
            "{N} combine{s} easily with what you already own, old or new.",
            "Small marks of daily life only add to {its} character.",
            "Assembly takes minutes, and everything you need is in the box.",
            "Placed by a window or in a corner, {n} catch{es} the light beautifully.",
            "No fuss and no frills, just a shape that will not tire your eyes.",
            "A protective finish helps {o} shrug off spills and sunny afternoons.",
            "Moving house is no worry, as {n} fit{s} in wherever you go next.",
            "Guests tend to ask where {n} came from.",
            "The grain and texture make each example slightly different.",
        ),
        "coffee": (
            "The roast is taken slowly, so sweetness has time to develop.",
            "Freshly ground, {n} fill{s} the room with a warm, inviting aroma.",
            "{N} taste{s} just as good black as with a splash of milk.",
            "A gentle acidity keeps every sip lively without any sharpness.",
            "Filter, French press or espresso: {n} adapt{s} to the way you brew.",
            "The finish lingers pleasantly and leaves you ready for a second cup.",
            "Small batches mean that what you open is what was roasted recently.",
            "Growers are paid fairly, which you can taste in the care they take.",
            "The resealable bag keeps flavour in and moisture out.",
            "Let the water cool for a moment before pouring and the sweetness comes forward.",
            "It makes a thoughtful present for anyone who takes breakfast seriously.",
            "Iced on a warm afternoon, {n} show{s} a surprisingly fruity side.",
        ),
        "outdoor": (
            "Reinforced seams and sturdy fittings stand up to rock, roots and rain.",
            "{N} pack{s} down small, leaving room for an extra snack.",
            "Everything can be worked with cold hands and with gloves on.",
            "After a muddy day, a quick rinse brings {o} back to good order.",
            "Well-placed details save time when the wind picks up.",
            "{N} {is_} as welcome on a day hike as on a week-long tour.",
            "Comfort stays high even when the distance grows.",
            "Parts that see most wear can be replaced, so {n} last{s} longer.",
            "Nothing rattles, nothing flaps, nothing gets in your way.",
            "Quiet tones blend in with forest and fell alike.",
            "Testing took place where it matters: on long, wet miles.",
            "Stored dry, {n} will be ready again when the next free weekend comes.",
        ),
        "apparel": (
            "The cut leaves room to move without losing its line.",
            "{N} feel{s} soft against the skin from the very first wear.",
            "Seams lie flat, so nothing rubs on a long day.",
            "Dress {o} up or down, it works either way.",
            "Wash after wash, the surface keeps its even look.",
            "{N} breathe{s} well, which makes warm rooms and quick walks equally pleasant.",
            "Pair {o} with denim at the weekend and something sharper on Monday.",
            "Folded in a suitcase, {n} come{s} out looking rested.",
            "The details are restrained, so the quality can speak.",
            "A considered weight makes {o} right for layering.",
            "Buttons, hems and stitching show care where others save.",
            "You will find yourself planning outfits around {o}.",
        ),
        "general": (
            "The workmanship shows in every detail you touch.",
            "{N} {is_} easy to use, easy to look after and easy to like.",
            "Everything has its purpose, and nothing has been added for show.",
            "Reliable materials mean that {n} will be around for a long time.",
            "The clear design fits into almost any setting.",
            "Unpack, use, enjoy: no long instructions are needed.",
            "As a gift, {n} {is_} a safe choice that still feels personal.",
            "A fair price makes the decision easier still.",
        ),
        "category": (
            "Materials are named openly, so you know what you are buying.",
            "Filters help you narrow things down in a few clicks.",
            "New arrivals join regularly, while proven favourites stay.",
            "You will find sensible entry-level choices next to lasting investments.",
            "Each product page tells you sizes, care and everything else that matters.",
            "If two items look alike, our team is happy to explain the difference.",
            "Many pieces combine well, so you can build up a set over time.",
            "Honest descriptions and clear pictures make choosing simple.",
            "We leave out what does not convince us, however popular it may be.",
            "Whatever your budget, quality comes first.",
            "Returns are straightforward should something not suit you after all.",
            "The selection follows the seasons without chasing every trend.",
        ),
    }
)

TONES = MappingProxyType(
    {
        "Blunt": ("No gimmicks here.", "{N} work{s}, and that is the point.", "Less talk, more use."),
        "Confident": (
            "You can rely on {o} without a second thought.",
            "There are many alternatives, but few come this close.",
            "We stand behind {o} without reservation.",
        ),
        "Emotional": (
            "Some things simply make you smile, day after day.",
            "It is the small moments that count, and this is one of them.",
            "Give yourself something that feels right.",
        ),
        "Formal": (
            "{N} {has} been selected in accordance with our quality standards.",
            "Particular attention has been given to durability and finish.",
            "We are pleased to present {o} as part of our assortment.",
        ),
        "Friendly": (
            "We think you two will get along just fine.",
            "Have a look, take your time, and see if {n} suit{s} you.",
            "Honestly, we are rather fond of {o} ourselves.",
        ),
        "Informational": (
            "The most important facts are listed here so that you can compare with ease.",
            "Knowing what something is made of helps you decide well.",
            "Used as intended, {n} will serve you reliably.",
        ),
        "Persuasive": (
            "Once you have tried {o}, the question is why you waited.",
            "There are good reasons to choose {o}, and the details name them.",
            "Compare for yourself, and the decision will be simple.",
        ),
        "Professional": (
            "Consistent quality makes {o} a sound choice for daily use.",
            "{N} meet{s} the expectations of people who know the subject.",
            "The specification is clear and the execution precise.",
        ),
        "Selling": (
            "Add {o} to your basket today and look forward to the parcel.",
            "Secure yours while stocks last.",
            "This is your chance to treat yourself to something lasting.",
        ),
        "Technical": (
            "Tolerances, materials and finish follow a precise specification.",
            "The construction distributes load evenly and limits wear.",
            "All figures given refer to the standard version.",
        ),
        "Witty": (
            "{N} will not do the dishes, but everything else looks better already.",
            "Warning: compliments may follow.",
            "Resistance is possible, of course, but where would be the fun in that?",
        ),
    }
)

STYLES = MappingProxyType(
    {
        "Storytelling": (
            "Picture a quiet Sunday with nothing planned and everything in its place.",
            "It began with a simple idea: make one thing, and make it properly.",
            "Imagine the end of a long day, and something good waiting for you.",
        ),
        "Conversational": (
            "Know the feeling when something just fits?",
            "So, what makes {o} special?",
            "Let us be honest: you notice quality the moment you touch it.",
        ),
        "Concise": ("In short: good.", "The essentials, done well.", "Nothing missing, nothing extra."),
    }
)

# Words in the name of an attribute -> sentences. The first that fits is used; `{v}` reads on, `{V}` starts anew.
ATTRIBUTES = (
    (
        "material fabric wood composition upholstery shell outer upper",
        (
            "{N} {is_} made of {v}.",
            "Made of {v}, {n} age{s} gracefully.",
            "The choice of {v} gives {o} a character of {its} own.",
            "Thanks to {v}, {n} stand{s} up to daily use.",
        ),
    ),
    (
        "colour color shade finish tint",
        (
            "In {v}, {n} blend{s} in without fading into the background.",
            "{N} come{s} in {v}.",
            "A look in {v} keeps things calm and easy to combine.",
        ),
    ),
    ("weight", ("{N} weigh{s} {v}.", "On the scales, {n} come{s} to {v}.", "The weight: {v}.")),
    (
        "dimension height width depth length diameter measurement",
        (
            "{A}: {v}, so you can check the fit before you order.",
            "Measured carefully, the {a} given is {v}.",
            "For your planning, note the {a}: {v}.",
        ),
    ),
    ("size sizes", ("Available in {v}.", "You can choose from {v}.", "Size: {v}.")),
    ("capacity volume content", ("There is room for {v}.", "The {a}: {v}.", "{N} hold{s} {v}.")),
    (
        "care wash cleaning maintenance",
        (
            "Care is simple: {v}.",
            "To keep {o} looking good, remember: {v}.",
            "Looking after {o} takes little effort ({v}).",
        ),
    ),
    (
        "origin country region farm",
        ("{N} come{s} from {V}.", "The origin is no secret: {V}.", "With roots in {V}, {n} {has} a story to tell."),
    ),
    (
        "notes flavour flavor taste aroma tasting",
        ("In the cup, expect {v}.", "On the palate: {v}.", "Tasters found {v}, and came back for more."),
    ),
    ("roast", ("The roast is {v}.", "A word on the roast: {v}.", "Roasted {v}, and not a minute longer.")),
    ("fit", ("The fit is {v}.", "The fit, {v} as it is, flatters without effort.")),
    (
        "warranty guarantee",
        ("Buy with confidence: the {a} covers {v}.", "The {a} runs for {v}.", "Added peace of mind: {v} of {a}."),
    ),
    ("certif label standard", ("Certified: {V}.", "Look for the mark: {V}.", "Independent proof comes as {V}.")),
    ("brand maker designer", ("The name behind {o}: {V}.", "{N} come{s} from {V}.", "{V} stands behind {o}.")),
    ("season", ("Best enjoyed in {v}.", "{N} {is_} at home in {v}.")),
)
GENERIC_ATTRIBUTE = (
    "{A}: {v}.",
    "Also worth knowing is the {a}: {v}.",
    "As for the {a}, you get {v}.",
    "One more detail, the {a}: {v}.",
    "A note on the {a}: {v}.",
)
YES_ATTRIBUTE = ("{A}? Yes, of course.", "{A}? Naturally.")

KEYWORDS = (
    "If your search is for {k}, {n} deserve{s} a place on your list.",
    "Anyone searching for {k} will feel at home with {o}.",
    "Your search for {k} can end here.",
    "A search for {k} brings up plenty, and {n} stand{s} out.",
    "Customers who ask us about {k} often choose {o}.",
    "Among all results for {k}, few come close to {o}.",
    "Searching for {k}? Then you are in the right place.",
    "Typed {k} into the search box? Good, because {n} {is_} just that.",
)
AUDIENCES = (
    "{N} {is_} a good choice for {who}.",
    "We had {who} in mind when we picked {o}.",
    "Especially {who} will enjoy what {n} {has} to offer.",
    "For {who}, {n} make{s} daily life a touch better.",
)
COUNTRIES = ("We deliver to {where}.", "Delivery is available in {where}.", "Customers in {where} can order directly.")
MENTIONS = ("Worth mentioning: {v}.", "Not to forget: {v}.", "And one more point: {v}.")
CLOSERS = (
    "Order online and see for yourself.",
    "Choose yours today.",
    "A purchase you will be glad about tomorrow, too.",
    "Take a closer look and decide in your own time.",
    "We look forward to sending {o} to you.",
    "Find your favourite now.",
)
CATEGORY_CLOSERS = (
    "Have a look around and take your time.",
    "Find your favourite now.",
    "Start browsing today.",
    "See what has arrived this week.",
)
NUMBERED = ("Item number {v}.", "Article {v}.", "Reference {v}.")

# Fillers by their number of words, for lengths that leave no choice.
FILLERS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("Enjoy.", "Promised."),
        2: ("Simply good.", "See yourself."),
        3: ("Made to last.", "Quality that shows."),
        4: ("Ready for every day.", "Good things take time."),
        5: ("A pleasure to live with.", "Details make all the difference."),
        6: ("You will notice the difference immediately.", "Some choices are easy to make."),
        7: ("A small upgrade with a lasting effect.", "Good quality pays off in the end."),
        8: ("It is hard to imagine days without it.", "Take your time, there is no rush here."),
    }
)

# Lead-ins for very long texts, when every sentence has had its turn.
LEADS = (
    "What is more, ", "Above all, ", "In daily use it shows: ", "To put it plainly, ", "Over the years, ",
    "At first glance and at second, ", "And then there is this: ", "As many customers tell us, ",
    "On closer inspection, ", "To say it again in other words: ",
)  # fmt: skip

DESCRIPTIONS = (
    "Discover {o}.",
    "Get to know {o}.",
    "Take a look at {o}.",
    "Good to have you here: meet {o}.",
    "Meet {o}, a choice you will not regret.",
    "Good reasons to choose {o} are easy to find.",
)
CALLS = (
    "Order online today.", "Find out more here.", "See all the details.", "Choose yours now.",
    "Now in our shop.", "Delivered to your door.", "Have a closer look.", "Yours in a few clicks.",
)  # fmt: skip
TITLES = (
    "{name}", "{name} | Buy online", "{name} | Our choice", "Discover {name}", "{name} | Shop now",
    "{name} for every day", "{name} at a fair price", "Buy {name} online", "{name} | Order today",
)  # fmt: skip

// The sample article as its author sent it: the awkward English of somebody who thinks in Russian, on the events of June 2011
// around NATO's office in Central Asia. Its author and the people quoted are invented. Data only.
import { type Block, makeBlock } from '../../shared/article/blocks.ts';

export const SAMPLE_ARTICLE_ID = 'sample-nato-office';

export const SAMPLE_SOURCE: readonly Block[] = [
  makeBlock('headline', 'NATO Carries Its Central Asian Office to Bishkek: a Bridge or a Swing?', { kind: 'heading' }),
  makeBlock('byline', 'By Ermek Saparbekov', { kind: 'byline' }),
  makeBlock('dateline', 'Bishkek, 20 June 2011', { kind: 'dateline' }),
  makeBlock(
    'p-parliament',
    'In the current month the deputies of the Kyrgyz parliament have given their agreement to the document, by which the liaison office of NATO for Central Asia will be located in Bishkek.',
  ),
  makeBlock(
    'p-rotation',
    'It is necessary to underline that such office moves from one capital to another each three years. Until the present time its residence was Astana, and now on the turn is Kyrgyzstan.',
  ),
  makeBlock(
    'p-grants',
    'In the ministry of defence they wait from this neighbourhood the grants and a military-technical help, though the concrete sums nobody names.',
  ),
  makeBlock(
    'p-building',
    'In which building the officers of the Alliance will sit is not decided till the end, but the diplomats say that, most likely, the representation will find a roof under the flag of some embassy.',
  ),
  makeBlock('caption', 'On the photo: the building of the parliament in Bishkek, June 2011.', { kind: 'caption' }),
  makeBlock('h-embassy', 'Who Is Who: the Contact Point Embassy', { kind: 'heading', level: 2 }),
  makeBlock('p-practice', [
    {
      text: 'In frames of the accepted practice, in each country-partner one of the embassies of the allies executes the role of the ',
    },
    { text: 'Contact Point Embassy', bold: true },
    { text: '.' },
  ]),
  makeBlock(
    'p-germany',
    'In Bishkek from the beginning of 2011 this role plays Germany, which took the relay from Turkey. In the circle of duties of such embassy enter:',
  ),
  makeBlock(
    'li-inform',
    'to inform the authorities and the public of the country about what the Alliance does and for what',
    {
      kind: 'listItem',
    },
  ),
  makeBlock('li-delegations', 'to meet and accompany the delegations, both the military and the civil ones', {
    kind: 'listItem',
  }),
  makeBlock(
    'li-trips',
    'to organise for journalists, teachers and politicians the trips to Brussels, in the headquarters',
    {
      kind: 'listItem',
    },
  ),
  makeBlock('li-applications', 'to help the young scientists with the filling of applications on grants', {
    kind: 'listItem',
  }),
  makeBlock('h-partnership', 'Seventeen Years of Partnership', { kind: 'heading', level: 2 }),
  makeBlock('p-partnership', [
    { text: 'With the Alliance Kyrgyzstan is acquainted since 1992, and since 1994 it takes part in the programme ' },
    { text: 'Partnership for Peace', italic: true },
    {
      text: '. During this time the sides learned together to guard the borders, to liquidate the consequences of earthquakes and to struggle with terrorism.',
    },
  ]),
  makeBlock('p-science', [
    { text: 'The scientific side is less known to the wide public. On the ' },
    { text: 'grants of NATO', link: 'https://www.nato.int/' },
    {
      text: ' the universities received the satellite internet, and the seismologists of Bishkek and Tashkent for the first time made a common map of risks.',
    },
  ]),
  makeBlock(
    'p-courses',
    'Hundreds of our officers have passed the courses abroad, and in the ministry they tell about it with a pleasure.',
  ),
  makeBlock(
    'quote',
    '“We do not choose between the friends. The office in Bishkek shall spare us a long correspondence: it is more simple to go upstairs to the neighbour than to write him letters. And its doors shall be opened for everybody, the opponents including.”',
    { kind: 'quote' },
  ),
  makeBlock('p-diplomat', 'So told to our newspaper one western diplomat, which asked to not publish his surname.'),
  makeBlock(
    'p-protests',
    'However not all are glad. From the beginning of June under the walls of the parliament several youth organisations carry out the actions of protest, and their slogans do not differ by variety: “Away with the foreign bases!”',
  ),
  makeBlock(
    'p-umbrella',
    'Their logic is simple: the country already is a member of the CSTO and of the SCO, to what to it one more umbrella?',
  ),
  makeBlock(
    'p-osh',
    'The experts object that in the tragical days of June 2010, when in Osh people perished, the help by the line of the CSTO did not come, because the organisation has not found the basis for an interference.',
  ),
  makeBlock(
    'p-shanghai',
    'The Shanghai Organisation also for a long time already is engaged not by the economics only, and its voice in the questions of security sounds always louder.',
  ),
  makeBlock(
    'p-moscow',
    'In Moscow on all this they look, as it is accepted to say, without enthusiasm. There the CSTO is considered a main guarantor on the former Soviet space, and any foreign flag near to the Russian base in Kant calls there the questions.',
  ),
  makeBlock('h-kazakhstan', 'The Kazakh Turn', { kind: 'heading', level: 2 }),
  makeBlock(
    'p-senate',
    'Meanwhile in the neighbouring Kazakhstan the situation develops on another scenario. In May the Majilis has easily approved the agreement about the officers for the headquarters of ISAF in Kabul, but on 9 June the Senate has unexpectedly rolled it back.',
  ),
  makeBlock(
    'p-four',
    'The speech went all in all about four officers, which should work there by turns. But between the two votings the Taliban published a warning, and to many senators this price has seemed too high.',
  ),
  makeBlock(
    'p-constitution',
    'The senators motivated the refusal by the Constitution: to send the military abroad, in their opinion, can only both chambers together.',
  ),
  makeBlock(
    'p-pause',
    'It would be not correctly to draw from here the conclusion that Astana turns away from the Alliance. By the quantity of joint programmes Kazakhstan, as before, is on the first place in the region, and the refusal looks more like a polite pause.',
  ),
  makeBlock(
    'p-end',
    'And what is after? If to believe to the optimists, the small country is able to become that table, at which NATO, the CSTO and the SCO will finally begin to talk. If to believe to the pessimists, Bishkek shall swing until the rope will tear.',
  ),
];

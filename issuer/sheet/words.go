package sheet

import "sync"

// eitherName marks the words that mean a given name or a whole name; see
// resolve.
const eitherName = "?"

// memberEmail is the one column that is no member of a learner.
const memberEmail = "email"

// spoken lists what people write over a column, in Italian, English, Spanish,
// Greek and Polish, beside the member's own name. Two that fold to the same
// letters and mean two members would be a test failure.
var spoken = map[string][]string{
	"name": {
		"nominativo", "nome e cognome", "cognome e nome", "cognome nome", "nome cognome", "nome completo", "partecipante", "corsista", "allievo", "allieva", "studente",
		"full name", "learner", "student", "participant", "name and surname", "surname and name", "first and last name",
		"nombre completo", "nombre y apellidos", "nombre y apellido", "apellidos y nombre", "alumno", "alumna", "alumno/a", "participante", "estudiante",
		"ονοματεπώνυμο", "πλήρες όνομα", "όνομα και επώνυμο", "επώνυμο και όνομα", "εκπαιδευόμενος", "συμμετέχων", "σπουδαστής",
		"imię i nazwisko", "nazwisko i imię", "pełne nazwisko", "uczestnik", "kursant", "słuchacz"},
	eitherName: {"name", "nome", "nombre", "όνομα"},
	"givenName": {"givenName",
		"nome di battesimo", "nome proprio", "primo nome", "nomi",
		"given name", "given names", "first name", "forename",
		"nombre de pila", "nombres",
		"μικρό όνομα", "κύριο όνομα",
		"imię", "imiona"},
	"familyName": {"familyName",
		"cognome", "cognomi",
		"family name", "surname", "last name",
		"apellido", "apellidos",
		"επώνυμο", "επίθετο",
		"nazwisko"},
	"nameOriginalScript": {"nameOriginalScript",
		"nome nella scrittura originale", "nome in caratteri originali", "nome originale", "scrittura originale", "nome in alfabeto originale",
		"name in original script", "original script", "original name", "native name",
		"nombre en escritura original", "nombre original", "escritura original",
		"όνομα στην αρχική γραφή", "αρχική γραφή", "όνομα στην πρωτότυπη γραφή", "πρωτότυπη γραφή",
		"imię i nazwisko w oryginalnym zapisie", "oryginalny zapis", "zapis oryginalny", "nazwisko w oryginale"},
	"birthDate": {"birthDate",
		"data di nascita", "data nascita", "nato il", "nata il", "nato/a il", "anno di nascita",
		"date of birth", "birth date", "birthday", "born", "born on", "dob", "year of birth",
		"fecha de nacimiento", "fecha nacimiento", "año de nacimiento", "nacido el",
		"ημερομηνία γέννησης", "ημ. γέννησης", "ημ/νία γέννησης", "έτος γέννησης",
		"data urodzenia", "rok urodzenia", "data ur."},
	"birthPlace": {"birthPlace",
		"luogo di nascita", "luogo nascita", "comune di nascita", "nato a", "nata a", "nato/a a",
		"place of birth", "birth place", "born in",
		"lugar de nacimiento", "lugar nacimiento",
		"τόπος γέννησης",
		"miejsce urodzenia"},
	"holder": {"holder",
		"titolare", "did del titolare", "portafoglio",
		"did", "holder did", "wallet",
		"titular", "did del titular", "cartera",
		"κάτοχος", "did κατόχου", "πορτοφόλι",
		"posiadacz", "did posiadacza", "portfel"},
	"documentNumber": {"documentNumber",
		"numero documento", "numero del documento", "numero attestato", "n. attestato", "n. documento", "numero certificato", "protocollo", "numero",
		"document number", "document no.", "certificate number", "certificate no.", "number",
		"número de documento", "número del documento", "nº documento", "número de certificado", "nº certificado", "número",
		"αριθμός εγγράφου", "αρ. εγγράφου", "αριθμός βεβαίωσης", "αριθμός",
		"numer dokumentu", "nr dokumentu", "numer zaświadczenia", "nr zaświadczenia", "numer"},
	"result": {"result",
		"esito", "risultato", "voto", "valutazione",
		"outcome", "grade", "mark", "score",
		"resultado", "nota", "calificación",
		"αποτέλεσμα", "βαθμός", "βαθμολογία",
		"wynik", "rezultat", "ocena"},
	"startedOn": {"startedOn",
		"data inizio", "data di inizio", "inizio", "iniziato il",
		"start date", "started", "start", "date of start",
		"fecha de inicio", "fecha inicio", "inicio",
		"ημερομηνία έναρξης", "ημ. έναρξης", "έναρξη",
		"data rozpoczęcia", "rozpoczęcie", "początek"},
	"completedOn": {"completedOn",
		"data fine", "data di fine", "fine", "data completamento", "data di completamento", "completato il", "concluso il", "data conclusione", "data di conclusione",
		"completed", "completion date", "date of completion", "end date", "finished on", "end",
		"fecha de fin", "fecha fin", "fecha de finalización", "finalizado el", "finalización", "completado el",
		"ημερομηνία ολοκλήρωσης", "ημ. ολοκλήρωσης", "ολοκλήρωση", "ημερομηνία λήξης", "λήξη",
		"data ukończenia", "ukończono", "data zakończenia", "zakończenie", "koniec"},
	memberEmail: {"email", "mail", "e-mail address",
		"indirizzo e-mail", "indirizzo mail", "posta elettronica", "indirizzo di posta elettronica",
		"correo", "correo electrónico", "dirección de correo", "dirección de correo electrónico",
		"ηλεκτρονικό ταχυδρομείο", "διεύθυνση email", "ηλεκτρονική διεύθυνση",
		"adres e-mail", "poczta elektroniczna", "adres poczty elektronicznej"},
	"hoursAttended": {"hoursAttended",
		"ore frequentate", "ore di frequenza", "ore di presenza", "ore presenza", "ore svolte", "ore effettuate", "presenze in ore", "totale ore", "ore",
		"hours attended", "attended hours", "attendance hours", "hours present", "hours",
		"horas asistidas", "horas de asistencia", "horas realizadas", "total de horas", "horas",
		"ώρες παρακολούθησης", "ώρες παρουσίας", "σύνολο ωρών", "ώρες",
		"godziny obecności", "liczba godzin", "obecność w godzinach", "suma godzin", "godziny"},
}

// words maps a folded header to its member.
var words = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for member, list := range spoken {
		for _, w := range list {
			m[fold(w)] = member
		}
	}
	return m
})

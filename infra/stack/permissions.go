package stack

// permission allows a function a few named actions on one named resource. It also
// sets the environment variable with the name of the resource.
type permission string

// The permissions.
const (
	readTable  permission = "read the table"
	writeTable permission = "write to the table"
	queryTable permission = "query the table and its indexes"
	// knowOrigin reads the secret that CloudFront sends, if the stage checks it.
	knowOrigin permission = "know the origin secret"
	// openVault unwraps the keysets that seal personal data.
	openVault permission = "open the vault"
	// checkTokens reads the public keys of persons' tokens, checkMachineTokens those of
	// machine clients' tokens.
	checkTokens        permission = "check persons' tokens"
	signTokens         permission = "sign persons' tokens"
	checkMachineTokens permission = "check machine clients' tokens"
	signMachineTokens  permission = "sign machine clients' tokens"
	// startWorkflow starts an execution, answerWorkflow ends a waiting task.
	startWorkflow  permission = "start the workflow"
	answerWorkflow permission = "answer the workflow"
	// askProviders reads the credentials of the checks' providers.
	askProviders permission = "ask providers"
	// sendMail sends e-mail from the address of REALNAME_MAIL_FROM, if there is one.
	sendMail permission = "send e-mail"
	// sendMessages sends SMS by Amazon SNS, if REALNAME_SMS_PROVIDERS names it.
	sendMessages permission = "send messages"
	// publishEvents puts events on the stage's bus, readStream reads the table's stream.
	publishEvents permission = "publish events"
	readStream    permission = "read the table's stream"
)

// use is a set of permissions that go together.
func use(sets ...[]permission) []permission {
	var all []permission
	for _, s := range sets {
		all = append(all, s...)
	}
	return all
}

var (
	reads   = []permission{readTable}
	writes  = []permission{readTable, writeTable}
	lists   = []permission{queryTable}
	seals   = []permission{openVault}
	signals = []permission{answerWorkflow}
	starts  = []permission{startWorkflow}
	asks    = []permission{askProviders}
	checks  = []permission{checkTokens, checkMachineTokens}
	public  = []permission{knowOrigin}
)

Feature: Only the account that was configured is traded
  The session's account and mode are those of the configuration before every order, and live trading has to be enabled.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-PAPER-GUARD-1
  Rule: An order goes to the configured account in the configured mode only

    Scenario Outline: The session is on <session>, at approval
      Given a proposal to buy GBPUSD
      And the broker's session turns out to be on <session>
      When the trader approves the proposal
      Then it is refused with ACCOUNT at account
      And there is no T2_TOKEN bead
      And the broker has received no order

      Examples:
        | session                         |
        | another simulator account       |
        | a paper account                 |
        | a live account                  |
        | the same account, said to be live |

    Scenario Outline: The session is on <session>, at submission
      Given an approved entry that was not sent yet
      And the broker's session turns out to be on <session>
      When the entry is submitted
      Then it is refused with ACCOUNT at account
      And the token beads of the proposal read ISSUED
      And the broker has received no order

      Examples:
        | session                         |
        | another simulator account       |
        | a live account                  |
        | the same account, said to be live |

    Scenario: An exit too
      Given an open and protected position
      And the trader asked to close the position
      And the broker's session turns out to be on a live account
      When the trader approves the close
      Then it is refused with ACCOUNT at account
      And the broker has received no exit order

  @INV-PAPER-GUARD-1
  Rule: Live trading is enabled by the configuration, and read when Phoenix starts

    Scenario Outline: A configuration for <account> with mode <mode> and allow_live <enabled>
      When Phoenix is configured for <account> with mode <mode> and allow_live <enabled>
      Then the configuration is refused, for <reason>

      Examples:
        | account | mode      | enabled | reason                               |
        | U0001   | LIVE      | false   | Set account.allow_live = true |
        | U0001   | SIMULATOR | true    | 'U0001' does not begin with SIM      |
        | U0001   | PAPER     | true    | 'U0001' does not begin with DU       |
        | DU0001  | LIVE      | true    | 'DU0001' does not begin with U       |
        | SIM0001 | LIVE      | true    | 'SIM0001' does not begin with U      |

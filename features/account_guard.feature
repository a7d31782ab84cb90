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

  @INV-PAPER-GUARD-1
  Rule: A session that is refused at the start is a human's to see to: nothing is tried again, nothing is entered

    Scenario Outline: The session is refused, for <why>
      Given a broker that refuses the session, for <why>
      When the executor starts
      Then the CRITICAL alert CONNECT_REFUSED is raised once
      And the session is not open
      When 86000 seconds pass
      Then there were 0 attempts to reconnect
      When a signal to buy GBPUSD arrives
      Then it is refused with SIZING
      And the broker has received no order

      Examples:
        | why                                  |
        | client id 1 is in use                |
        | account DU7777777 is not listed      |

  @INV-UNKNOWN-1
  Rule: Entries pass only in an instrument that is at the broker what was configured

    Scenario Outline: At the broker GBPUSD has <name> <value>
      Given a broker for which GBPUSD has <name> <value>
      And a proposal to buy GBPUSD
      When the trader approves the proposal
      Then it is refused with CONFLICT at instruments.GBPUSD
      And the alert CONTRACT_CONTRADICTED is raised once
      And the broker has received no order

      Examples:
        | name      | value   |
        | tick      | 0.0001  |
        | tick      | 0.00003 |
        | size_step | 5000    |
        | min_size  | 25000   |
        | currency  | EUR     |

    Scenario Outline: A grid that is coarser than the broker's own, which has <name> <value>
      Given a broker for which GBPUSD has <name> <value>
      And a proposal to buy GBPUSD
      When the trader approves the proposal
      Then the proposal is MANAGED
      And the alert CONTRACT_CONTRADICTED is not raised

      Examples:
        | name      | value   |
        | tick      | 0.00001 |
        | size_step | 1       |
        | min_size  | 1       |

    Scenario: Sizes that the broker does not report contradict nothing
      Given a broker that reports no sizes of its instruments
      And a proposal to buy GBPUSD
      When the trader approves the proposal
      Then the proposal is MANAGED

    Scenario: A broker that does not say what the instrument is
      Given a proposal to buy GBPUSD
      And a broker that does not answer for its contract
      When the trader approves the proposal
      Then it is refused with CONNECTION at instruments.GBPUSD
      And there is no T2_TOKEN bead

    Scenario: An entry that was approved before the broker stopped saying so
      Given an approved entry that was not sent yet
      And a broker that does not answer for its contract
      When the entry is submitted
      Then it is refused with CONNECTION at instruments.GBPUSD
      And the broker has received no order

    Scenario: An exit waits for no contract
      Given an open and protected position
      And a broker that does not answer for its contract
      When the trader closes the position
      Then the position is CLOSED

Feature: No test touches the real broker
  Every test runs against simulated brokers. It is proven on the source, and held in the running process.

  @INV-IBKR-MOCK-1
  Rule: No test can reach the real IBKR

    Scenario: The import graph
      When every import of Phoenix and its tests is followed
      Then no test and no part of the core reaches an IBKR library

    Scenario: What the import graph can't show
      When the syntax of every file is checked
      Then no file outside the adapters' homes loads an IBKR library or names a real gateway's port

    Scenario Outline: A test that <does>
      When the syntax of a test that <does> is checked
      Then the check names INV-IBKR-MOCK-1's rule <rule>

      Examples:
        | does                                   | rule                 |
        | imports an IBKR library                | vendor-import        |
        | loads an IBKR library by its name      | dynamic-import       |
        | loads one in a process of its own      | hidden-vendor-import |
        | names the port of a real gateway       | real-port            |

    Scenario Outline: This process connects to <address>
      When a test connects to <address>
      Then the connection is refused before it is made

      Examples:
        | address          |
        | 127.0.0.1:4001   |
        | 127.0.0.1:4002   |
        | 127.0.0.1:7496   |
        | 127.0.0.1:7497   |
        | 192.0.2.1:12345  |

    Scenario: This process has loaded no IBKR library
      When the modules of this process are listed
      Then none of them is an IBKR library
